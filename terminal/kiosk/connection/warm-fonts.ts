/**
 * Loads the pieces of the font that the cab's texts use, before they are needed: the font comes in pieces by
 * character, and a new sentence must not wait for one.
 */
export async function warmFonts(characters: string): Promise<void> {
  await Promise.all(
    [400, 700].map((weight) => document.fonts.load(`${weight} 40px "Noto Sans JP Variable"`, characters)),
  );
}
