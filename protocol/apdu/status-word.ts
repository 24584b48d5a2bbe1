/** Status words of ISO/IEC 7816-4 this project meets. `63Cx` (x tries left) is {@link pinTriesLeft}. */
export const STATUS = {
  OK: 0x9000,
  WRONG_LENGTH: 0x6700,
  SECURITY_NOT_SATISFIED: 0x6982,
  PIN_BLOCKED: 0x6983,
  REFERENCE_DATA_UNUSABLE: 0x6984,
  CONDITIONS_NOT_SATISFIED: 0x6985,
  NO_FILE_SELECTED: 0x6986,
  WRONG_DATA: 0x6a80,
  FUNCTION_NOT_SUPPORTED: 0x6a81,
  NOT_FOUND: 0x6a82,
  WRONG_P1_P2: 0x6a86,
  OFFSET_OUTSIDE_FILE: 0x6b00,
  UNKNOWN_INSTRUCTION: 0x6d00,
  UNKNOWN_CLASS: 0x6e00,
  NO_PRECISE_DIAGNOSIS: 0x6f00,
} as const;

/** `6A82 NOT_FOUND`, or the bare number for a word without a name here. For logs and error texts. */
export function describeStatus(status: number): string {
  const number = status.toString(16).toUpperCase().padStart(4, "0");
  const tries = pinTriesLeft(status);
  if (tries !== null) return `${number} ${tries} TRIES LEFT`;
  const named = Object.entries(STATUS).find(([, word]) => word === status);
  return named === undefined ? number : `${number} ${named[0]}`;
}

/** Tries left that a `63Cx` word tells, or null for every other word. A verified PIN also answers so (JPKI). */
export function pinTriesLeft(status: number): number | null {
  return (status & 0xfff0) === 0x63c0 ? status & 0x0f : null;
}

/**
 * True when a SELECT by AID was answered with "no such application here" in one of the ways cards say so,
 * rather than with a fault of this card or of the exchange.
 */
export function meansNoSuchApplication(status: number): boolean {
  const words: readonly number[] = [
    STATUS.NOT_FOUND,
    STATUS.FUNCTION_NOT_SUPPORTED,
    STATUS.WRONG_P1_P2,
    STATUS.UNKNOWN_INSTRUCTION,
    STATUS.UNKNOWN_CLASS,
  ];
  return words.includes(status);
}
