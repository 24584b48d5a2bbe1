import type { ReactNode } from "react";

/** The taxi beside the name; one line width, one tint. */
export function TaxiDrawing(): ReactNode {
  return (
    <svg className="taxi-drawing" width="80" height="44" viewBox="0 0 80 44" aria-hidden="true" focusable="false">
      <path className="tint" d="M4 33v-5q0-5 6-6l10-2q6-10 15-10h12q9 0 16 10l9 2q5 1 5 6v5z" />
      <path className="face" d="M26 20q4-6 9-6h4v6zM43 20v-6h4q6 0 10 6z" />
      <path className="solid" d="M35 10l2-6h8l2 6z" />
      <circle className="face" cx="20" cy="34" r="6" />
      <circle className="face" cx="61" cy="34" r="6" />
    </svg>
  );
}
