/** Colours of the map, taken from the role tokens of the page so that no map holds a colour of its own. */
export interface MapPalette {
  readonly land: string;
  readonly outside: string;
  readonly border: string;
  readonly water: string;
  readonly waterCasing: string;
  readonly waterText: string;
  readonly road: string;
  readonly roadCasing: string;
  readonly motorway: string;
  readonly roadText: string;
  readonly rail: string;
  readonly railGap: string;
  readonly zoneLine: string;
  readonly hatch: string;
  readonly ink: string;
  readonly quiet: string;
  readonly hospital: string;
  readonly hospitalText: string;
  readonly place: string;
  readonly pulse: string;
  readonly pulseInk: string;
  readonly taxi: string;
}

/** What each colour is made of, as CSS. */
const RECIPES: Readonly<Record<keyof MapPalette, string>> = {
  land: "var(--surface)",
  outside: "color-mix(in srgb, var(--line) 15%, var(--ground))",
  border: "var(--ink-quiet)",
  water: "color-mix(in srgb, var(--data-1) 36%, var(--surface))",
  waterCasing: "var(--surface)",
  waterText: "color-mix(in srgb, var(--data-1) 62%, var(--ink))",
  road: "color-mix(in srgb, var(--data-5) 62%, var(--surface))",
  roadCasing: "var(--surface)",
  motorway: "color-mix(in srgb, var(--data-5) 26%, var(--surface))",
  roadText: "var(--attention)",
  rail: "var(--ink-quiet)",
  railGap: "var(--surface)",
  zoneLine: "color-mix(in srgb, var(--line) 42%, var(--surface))",
  hatch: "color-mix(in srgb, var(--line) 55%, var(--surface))",
  ink: "var(--ink)",
  quiet: "var(--ink-quiet)",
  hospital: "var(--data-4)",
  hospitalText: "color-mix(in srgb, var(--data-4) 70%, var(--ink))",
  place: "var(--data-3)",
  pulse: "var(--data-1)",
  pulseInk: "var(--ramp-5)",
  taxi: "var(--ink)",
};

/**
 * Reads the palette of an element. Browsers give mixed colours in notations WebGL libraries do not read, so each is
 * painted once and read back as plain `rgb()`.
 */
export function readPalette(element: HTMLElement): MapPalette {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const read = (css: string): string => {
    probe.style.color = css;
    const computed = getComputedStyle(probe).color;
    if (!context) return computed;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = computed;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    return `rgb(${r}, ${g}, ${b})`;
  };
  const entries = Object.entries(RECIPES).map(([role, css]) => [role, read(css)]);
  probe.remove();
  return Object.fromEntries(entries) as MapPalette;
}

/** `rgb(1, 2, 3)` as the four bytes deck.gl wants. */
export function bytesOf(color: string, alpha = 255): [number, number, number, number] {
  const [r = 0, g = 0, b = 0] = (color.match(/\d+/g) ?? []).map(Number);
  return [r, g, b, alpha];
}
