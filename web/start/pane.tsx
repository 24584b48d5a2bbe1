import type { ReactNode } from "react";
import { Icon } from "#ui/components/icon.tsx";
import type { IconName } from "#ui/components/icon-shapes.tsx";
import type { StaffRole } from "#ui/generated/graphql.ts";
import { useLanguage } from "../app/language.tsx";
import type { PagePath } from "../app/router.ts";
import { OpenAsRole } from "./open-screen.tsx";

interface PaneProps {
  readonly name: "cab" | ScreenName;
  readonly icon: IconName;
  readonly title: string;
  /** Tag of the ride that moves through the panes; the map has none. */
  readonly tag?: string | null;
  readonly note?: string | null;
  /** The way to the whole screen this pane is a part of. */
  readonly open?: ReactNode;
  readonly children: ReactNode;
}

/** One live pane: whose screen it is, the ride it shows, and what it shows. */
export function Pane({ name, icon, title, tag, note, open, children }: PaneProps): ReactNode {
  const { words } = useLanguage();
  return (
    <article className={`pane pane-${name}`} aria-labelledby={`pane-${name}`}>
      <header>
        <h2 id={`pane-${name}`}>
          <Icon name={icon} />
          {title}
        </h2>
        {tag && (
          <span className="ride-tag" key={tag}>
            {words.common.rideTag(tag)}
          </span>
        )}
        {note && <span className="quiet">{note}</span>}
        {open}
      </header>
      <div className="pane-body">{children}</div>
    </article>
  );
}

/** The staff screens a pane is a part of, and whose they are. */
const SCREENS = {
  company: { icon: "list", staff: "COMPANY_ACCOUNTANT", page: "/company" },
  map: { icon: "eye", staff: "PLANNER", page: "/planner" },
  ledger: { icon: "document", staff: "CITY_OFFICER", page: "/city" },
} as const satisfies Readonly<Record<string, { icon: IconName; staff: StaffRole; page: PagePath }>>;
type ScreenName = keyof typeof SCREENS;

/** A pane that is a part of a staff screen: its head leads there, signed in as the person it is for. */
export function ScreenPane({
  name,
  title,
  municipality,
  companyId = null,
  ...pane
}: Pick<PaneProps, "tag" | "note" | "children"> & {
  readonly name: ScreenName;
  /** Default: the name of the screen. */
  readonly title?: string | undefined;
  readonly municipality: string;
  /** Of a company's screen; null while it is not known, then nothing leads there. */
  readonly companyId?: string | null;
}): ReactNode {
  const { words } = useLanguage();
  const { icon, staff, page } = SCREENS[name];
  const own = words.start[name];
  const isKnown = name !== "company" || companyId !== null;
  const open = isKnown && (
    <OpenAsRole staff={staff} page={page} title={own} municipality={municipality} companyId={companyId} />
  );
  return <Pane name={name} icon={icon} title={title ?? own} open={open} {...pane} />;
}
