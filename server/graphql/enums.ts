/** `fiscal-year` → `FISCAL_YEAR`, at the level of types. */
export type Shouted<Text extends string> = Text extends `${infer Head}-${infer Rest}`
  ? `${Uppercase<Head>}_${Shouted<Rest>}`
  : Uppercase<Text>;

/** `FISCAL_YEAR` → `fiscal-year`, at the level of types. */
export type Whispered<Text extends string> = Text extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}-${Whispered<Rest>}`
  : Lowercase<Text>;

/** A value of the domain as GraphQL writes its enums: the two spellings differ by case and hyphen only. */
export function shout<Text extends string>(text: Text): Shouted<Text> {
  return text.toUpperCase().replaceAll("-", "_") as Shouted<Text>;
}

/** A GraphQL enum value as the domain writes it. */
export function whisper<Text extends string>(text: Text): Whispered<Text> {
  return text.toLowerCase().replaceAll("_", "-") as Whispered<Text>;
}
