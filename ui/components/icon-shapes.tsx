import type { ReactNode } from "react";

/**
 * The one set of icons: 48 × 48, line 3, round ends, one tint (`tint`), solid parts (`solid`). Every icon stands beside
 * its word; none carries meaning alone.
 */
export const ICON_SHAPES = {
  check: <path d="M10 25.5l9.5 9.5L38.500 14" />,
  warning: (
    <>
      <path className="solid" d="M24 6 45 42H3z" />
      <path className="knock" d="M24 18.5v11M24 36v.2" />
    </>
  ),
  stop: <rect className="solid" x="8" y="8" width="32" height="32" rx="3" />,
  lock: (
    <>
      <path d="M16 21v-6.500a8 8 0 0 1 16 0V21" />
      <rect className="tint" x="10" y="21" width="28" height="20" rx="4" />
    </>
  ),
  card: (
    <>
      <rect className="tint" x="4" y="10" width="40" height="28" rx="4" />
      <circle cx="15" cy="21" r="4" />
      <path d="M8.500 32.500c.6-4 3-6 6.500-6s5.900 2 6.500 6M28 19h10M28 25.500h10M28 32h6" />
    </>
  ),
  meter: (
    <>
      <rect x="4" y="11" width="40" height="26" rx="4" />
      <rect className="tint" x="10" y="17" width="20" height="14" rx="2" />
      <path d="M37 18.500v.2M37 24v.2M37 29.500v.2" />
    </>
  ),
  reader: (
    <>
      <rect x="13" y="7" width="22" height="14" rx="3" />
      <rect className="tint" x="5" y="27" width="38" height="14" rx="4" />
      <path d="M18 34h12" />
    </>
  ),
  signal: <path className="bars" d="M8 39v-3M18.500 39V28M29 39V19M39.500 39V9" />,
  "no-signal": (
    <>
      <path className="bars" d="M8 39v-3M18.500 39v-7" />
      <path className="bars" d="M27 14l14 14M41 14 27 28" />
    </>
  ),
  person: (
    <>
      <circle className="tint" cx="24" cy="15" r="8" />
      <path className="tint" d="M8 42c0-9.500 6.500-14.500 16-14.500S40 32.500 40 42z" />
    </>
  ),
  people: (
    <>
      <path d="M30.500 9.500a6.500 6.500 0 0 1 0 12.500M34 28.500c6.500 1 10 5.500 10 12.500h-6" />
      <circle className="tint" cx="17" cy="16" r="7" />
      <path className="tint" d="M4 41c0-8.500 5-13 13-13s13 4.500 13 13z" />
    </>
  ),
  ticket: (
    <>
      <path className="tint" d="M5 12h38v7a5 5 0 0 0 0 10v7H5v-7a5 5 0 0 0 0-10z" />
      <path d="M30 17.500v.2M30 24v.2M30 30.500v.2" />
    </>
  ),
  phone: (
    <path
      className="tint"
      d="M14 6.500l6 9.500-4 5c2.500 5 6 8.500 11 11l5-4 9.500 6c0 4-3.500 7.500-8 7.500C19 40.500 7.500 29 6.500 14.500 6.500 10 10 6.500 14 6.500z"
    />
  ),
  clock: (
    <>
      <circle className="tint" cx="24" cy="24" r="18" />
      <path d="M24 13v11.500l8 5" />
    </>
  ),
  undo: <path d="M14 9 6 17l8 8M7 17h22a12 12 0 0 1 0 24H17" />,
  pen: <path className="tint" d="M9 39l2-9.500L32.500 8a5 5 0 0 1 7.500 7.500L18.500 37z" />,
  sound: (
    <>
      <path className="tint" d="M5 18h8l11-9v30l-11-9H5z" />
      <path d="M31 17a10 10 0 0 1 0 14M37 11.500a18 18 0 0 1 0 25" />
    </>
  ),
  document: (
    <>
      <path className="tint" d="M10 5h19l9 9v29H10z" />
      <path d="M29 5v9h9M17 22h14M17 29h14M17 36h8" />
    </>
  ),
  eye: (
    <>
      <path
        className="tint"
        d="M3.500 24C9 14.500 16 10.500 24 10.500S39 14.500 44.500 24C39 33.500 32 37.500 24 37.500S9 33.500 3.500 24z"
      />
      <circle cx="24" cy="24" r="6" />
    </>
  ),
  car: (
    <>
      <path className="tint" d="M4 34v-7c0-3 2-4.500 6-5l4-.500 5-8h14l6 8c4 .5 5.500 2.500 5.500 6.500v6z" />
      <path className="solid" d="M20 13l1.500-4.500h6L29 13z" />
      <circle className="wheel" cx="13.500" cy="35" r="4.500" />
      <circle className="wheel" cx="35" cy="35" r="4.500" />
    </>
  ),
  back: <path d="M22 9 8 24l14 15M9 24h32" />,
  list: <path d="M6 12h.2M6 24h.2M6 36h.2M15 12h27M15 24h27M15 36h27" />,
  hospital: (
    <>
      <rect className="tint" x="9" y="8" width="30" height="34" rx="3" />
      <path d="M24 14v12M18 20h12M20 42v-8h8v8M4 42h40" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

/** Names of the icons. */
export type IconName = keyof typeof ICON_SHAPES;
