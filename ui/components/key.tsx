import type { ButtonHTMLAttributes, ReactNode } from "react";

/** How a key looks: `primary` is filled and stands once in a view; `plain` has a frame; `quiet` no ground. */
export type KeyKind = "primary" | "plain" | "quiet";

/** A button. `pressed` makes it a toggle; size and place are the screen's own. */
export function Key({
  kind = "plain",
  pressed,
  className = "",
  children,
  ...rest
}: {
  kind?: KeyKind;
  pressed?: boolean | undefined;
  children: ReactNode;
} & ButtonHTMLAttributes<HTMLButtonElement>): ReactNode {
  return (
    <button type="button" className={`key ${kind} ${className}`.trim()} aria-pressed={pressed} {...rest}>
      {children}
    </button>
  );
}
