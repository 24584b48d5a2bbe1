import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { DemoState } from "#protocol/demo/control.ts";
import type { LedgerLine } from "#protocol/stream/events.ts";
import type { StaffRole } from "#ui/generated/graphql.ts";
import { demoSignIn } from "../api/queries.ts";
import { type CabPrefix, cabPrefix, type TallyBase, type TallyView, tally, tallyBase } from "./tally.ts";

/** A token of one role for one pane, kept in this page's memory only; each pane sees what its role may see. */
export function usePaneToken(
  role: StaffRole,
  who: { readonly municipality: string; readonly companyId: string | null } | null,
): string | null {
  const result = useQuery<string | null>({
    queryKey: ["pane-token", role, who?.municipality, who?.companyId],
    enabled: who !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      if (who === null) return null;
      const signedIn = await demoSignIn({ ...who, role }, "pane");
      return signedIn.token ?? null;
    },
  });
  return result.data ?? null;
}

/** The cab's journal beside the ledger since the signal was last cut; null before this page saw it cut. */
export function useTally(state: DemoState | null, entries: readonly LedgerLine[] | null): TallyView | null {
  const beforeCut = useRef<TallyBase | null>(null);
  const base = useRef<TallyBase | null>(null);
  const network = useRef<DemoState["network"] | null>(null);
  const cab = useRef<CabPrefix>(null);
  useEffect(() => {
    if (state === null || entries === null) return;
    if (state.network === "cut" && network.current === "up") base.current = beforeCut.current;
    if (state.network === "up" && state.script === null) {
      beforeCut.current = tallyBase(state, entries) ?? beforeCut.current;
    }
    network.current = state.network;
  }, [state, entries]);
  if (state === null || entries === null) return null;
  cab.current = cabPrefix(state, entries, cab.current);
  return base.current === null ? null : tally(state, entries, { base: base.current, cab: cab.current });
}
