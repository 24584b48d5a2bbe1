/** The part of a long list that is drawn: rows `from` up to, not including, `to`, and the space before and after. */
export interface LineWindow {
  readonly from: number;
  readonly to: number;
  readonly beforePx: number;
  readonly afterPx: number;
}

/** Rows drawn beyond the visible ones on each side, so that scrolling shows no white. */
const MARGIN_ROWS = 12;

/** Which rows of a list of equal heights to draw for a scroll position (CSS pixels). */
export function lineWindow(rows: number, view: { topPx: number; heightPx: number; rowPx: number }): LineWindow {
  const first = Math.floor(view.topPx / view.rowPx) - MARGIN_ROWS;
  const last = Math.ceil((view.topPx + view.heightPx) / view.rowPx) + MARGIN_ROWS;
  const from = Math.max(0, Math.min(rows, first));
  const to = Math.max(from, Math.min(rows, last));
  return { from, to, beforePx: from * view.rowPx, afterPx: (rows - to) * view.rowPx };
}
