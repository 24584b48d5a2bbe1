import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { StaffRole } from "#ui/generated/graphql.ts";
import { demoSignIn } from "../api/queries.ts";
import { useLanguage } from "../app/language.tsx";
import { goTo, type PagePath } from "../app/router.ts";
import { SURROUNDINGS_KEY } from "../app/surroundings.tsx";

/** Opens the screen a pane is a part of, signed in as the person it is for; what fails leads to the sign-in. */
export function OpenAsRole({
  staff,
  page,
  title,
  municipality,
  companyId,
}: {
  /** Whose screen it is. */
  staff: StaffRole;
  page: PagePath;
  /** Name of the pane, for people who hear the page. */
  title: string;
  municipality: string;
  companyId: string | null;
}): ReactNode {
  const { words } = useLanguage();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    const result = await demoSignIn({ municipality, role: staff, companyId }, "browser").catch(() => null);
    await client.resetQueries({ queryKey: SURROUNDINGS_KEY });
    goTo(result?.ok ? page : "/sign-in");
  };
  return (
    <button
      type="button"
      className="lk open-screen"
      disabled={busy}
      aria-label={words.start.openScreen(title)}
      onClick={() => void open()}
    >
      {words.start.open}
    </button>
  );
}

/** Opens a screen of the cab beside this page: the start page goes on showing what happens there. */
export function OpenBeside({ href, label, children }: { href: string; label: string; children: ReactNode }): ReactNode {
  return (
    <a className="lk open-screen" href={href} target="_blank" rel="noreferrer" aria-label={label}>
      {children}
    </a>
  );
}
