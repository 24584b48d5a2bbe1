/** Reads a typed fare in major units (`1,070`, `10.70`) as minor units; null when it is none. */
export function fareMinorOf(text: string, minorDigits: number): number | null {
  const plain = text.replaceAll(",", "").trim();
  const match = /^(\d{1,7})(?:\.(\d+))?$/u.exec(plain);
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > minorDigits) return null;
  return Number(`${match[1]}${fraction.padEnd(minorDigits, "0")}`);
}
