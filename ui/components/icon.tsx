import type { ReactNode } from "react";
import { ICON_SHAPES, type IconName } from "./icon-shapes.tsx";

/** One icon of the set, as large as the text beside it unless CSS says otherwise. Always decorative: the word says it. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }): ReactNode {
  return (
    <svg className={`icon icon-${name} ${className}`.trim()} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {ICON_SHAPES[name]}
    </svg>
  );
}
