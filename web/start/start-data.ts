import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { DemoState } from "#protocol/demo/control.ts";
import type { RideLine } from "#protocol/stream/events.ts";
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

/** The cab's journal beside the ledger since this page was opened; null before both have been heard of. */
export function useTally(state: DemoState | null, rides: readonly RideLine[] | null): TallyView | null {
  const base = useRef<TallyBase | null>(null);
  const cab = useRef<CabPrefix>(null);
  useEffect(() => {
    if (base.current === null && state !== null && rides !== null) base.current = tallyBase(state, rides);
  }, [state, rides]);
  if (state === null || rides === null) return null;
  cab.current = cabPrefix(state, rides, cab.current);
  return base.current === null ? null : tally(state, rides, { base: base.current, cab: cab.current });
}
