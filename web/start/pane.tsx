import type { ReactNode } from "react";
import { Icon } from "#ui/components/icon.tsx";
import type { IconName } from "#ui/components/icon-shapes.tsx";
import { useLanguage } from "../app/language.tsx";

/** One live pane: whose screen it is, the ride it shows, and what it shows. */
export function Pane({
  name,
  icon,
  title,
  tag,
  note,
  open,
  children,
}: {
  name: "cab" | "company" | "map" | "ledger";
  icon: IconName;
  title: string;
  /** Tag of the ride that moves through the panes; the map has none. */
  tag?: string | null;
  note?: string | null;
  /** The way to the whole screen this pane is a part of. */
  open?: ReactNode;
  children: ReactNode;
}): ReactNode {
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
