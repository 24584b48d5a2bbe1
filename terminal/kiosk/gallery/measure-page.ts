/**
 * Measures a screen in the browser, as one person would: is any text cut, outside its box or over other text; is every
 * key large enough and far enough from the next; is every text strong enough against its ground. Runs inside the page
 * (self-contained: it is handed to the browser as source), and returns one line per fault.
 */
export function measurePage(limits: {
  /** Least width and height of a key, px. */
  readonly targetPx: number;
  /** Least distance between two keys, px. */
  readonly gapPx: number;
  /** Least contrast of text. */
  readonly contrast: number;
  /** Whether the page may be scrolled vertically. */
  readonly scrolls: boolean;
}): string[] {
  const faults: string[] = [];
  const SLACK = 1.5;
  /** Least room between a text and the edge of its key, and between two states of one line, px. */
  const INSET = 8;

  interface TextBox {
    readonly element: Element;
    readonly text: string;
    readonly rect: DOMRect;
  }

  const shown = (element: Element): boolean =>
    !element.closest(".visually-hidden") && element.checkVisibility() && element.getClientRects().length > 0;

  const texts: TextBox[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || element.closest("script,style") || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width > 0) texts.push({ element, text: node.textContent.trim(), rect });
    }
  }

  /** The glyphs are smaller than their line: what counts is the em box in its middle. */
  const glyphs = ({ element, rect }: TextBox): { top: number; bottom: number; left: number; right: number } => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    const middle = (rect.top + rect.bottom) / 2;
    const half = Math.min(rect.height / 2, size * 0.44);
    return { top: middle - half, bottom: middle + half, left: rect.left, right: rect.right };
  };

  for (const box of texts) {
    const g = glyphs(box);
    const outsideRight = g.right > innerWidth + SLACK || g.left < -SLACK;
    const outsideBelow = !limits.scrolls && (g.bottom > innerHeight + SLACK || g.top < -SLACK);
    if (outsideRight || outsideBelow) faults.push(`outside the screen: ${box.text}`);
    for (let parent: Element | null = box.element; parent; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      const framed =
        style.borderTopWidth !== "0px" ||
        style.overflowX !== "visible" ||
        parent.matches(".passenger, .strip, .foot, .picture, .day-covered");
      if (!framed) continue;
      const frame = parent.getBoundingClientRect();
      const scrollsHere = style.overflowY === "auto";
      const over = g.right > frame.right + SLACK || g.left < frame.left - SLACK;
      const below = !scrollsHere && (g.bottom > frame.bottom + SLACK || g.top < frame.top - SLACK);
      if (over || below) faults.push(`outside ${parent.className || parent.tagName}: ${box.text}`);
      if (scrollsHere) break;
    }
  }

  for (const [index, a] of texts.entries()) {
    for (const b of texts.slice(index + 1)) {
      if (a.element === b.element) continue;
      // The total stays at the end of a list that scrolls behind it.
      if ((a.element.closest(".step-total") === null) !== (b.element.closest(".step-total") === null)) continue;
      // A page that scrolls slides under the strip, which stays.
      if (limits.scrolls && (a.element.closest(".strip") === null) !== (b.element.closest(".strip") === null)) continue;
      if (a.element.closest(".explanation-steps") && b.element.closest(".foot")) continue;
      const [p, q] = [glyphs(a), glyphs(b)];
      const width = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const height = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (width > 2 && height > 2) faults.push(`over each other: ${a.text} / ${b.text}`);
    }
  }

  const statuses = [...document.querySelectorAll(".strip-statuses .status")].filter(shown);
  for (const [index, status] of statuses.entries()) {
    const rect = status.getBoundingClientRect();
    for (const other of statuses.slice(index + 1)) {
      const next = other.getBoundingClientRect();
      const sameLine = Math.min(rect.bottom, next.bottom) - Math.max(rect.top, next.top) > 2;
      const apart = Math.max(next.left - rect.right, rect.left - next.right);
      if (sameLine && apart < INSET - 0.5) {
        faults.push(`states run together (${Math.round(apart)}): ${status.textContent} / ${other.textContent}`);
      }
    }
  }

  for (const box of texts) {
    const key = box.element.closest("button")?.getBoundingClientRect();
    if (!key) continue;
    const inset = Math.min(box.rect.left - key.left, key.right - box.rect.right);
    if (inset < INSET - 0.5) faults.push(`touches the edge of its key (${Math.round(inset)}): ${box.text}`);
  }

  const keys = [...document.querySelectorAll("button")].filter(shown);
  for (const [index, key] of keys.entries()) {
    const rect = key.getBoundingClientRect();
    if (rect.width < limits.targetPx - 0.5 || rect.height < limits.targetPx - 0.5) {
      faults.push(`key too small (${Math.round(rect.width)}×${Math.round(rect.height)}): ${key.textContent}`);
    }
    for (const other of keys.slice(index + 1)) {
      if (limits.scrolls && (key.closest(".strip") === null) !== (other.closest(".strip") === null)) continue;
      const next = other.getBoundingClientRect();
      const across = Math.max(next.left - rect.right, rect.left - next.right);
      const down = Math.max(next.top - rect.bottom, rect.top - next.bottom);
      if (Math.max(across, down) < limits.gapPx - 0.5) {
        faults.push(
          `keys too close (${Math.round(Math.max(across, down))}): ${key.textContent} / ${other.textContent}`,
        );
      }
    }
  }

  type Colour = [number, number, number, number];
  const parse = (css: string): Colour => {
    const numbers = (css.match(/-?[\d.]+/g) ?? []).map(Number);
    const scale = css.startsWith("color(") ? 255 : 1;
    const [r = 0, g = 0, b = 0, alpha = 1] = numbers;
    return [r * scale, g * scale, b * scale, alpha];
  };
  const luminance = ([r, g, b]: Colour): number => {
    const part = (value: number): number => {
      const share = value / 255;
      return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const groundOf = (element: Element): Colour => {
    for (let parent: Element | null = element; parent; parent = parent.parentElement) {
      const colour = parse(getComputedStyle(parent).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  for (const { element, text } of texts) {
    const [ink, ground] = [luminance(parse(getComputedStyle(element).color)), luminance(groundOf(element))];
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (contrast < limits.contrast) faults.push(`contrast ${contrast.toFixed(1)}: ${text}`);
  }
  return [...new Set(faults)];
}
