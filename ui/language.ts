/** Languages of the passenger's screens: 日本語, やさしい日本語 (plain Japanese with furigana), English. */
export const LANGUAGES = ["ja", "easy", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Value of the `lang` attribute: without `ja`, kanji take Chinese shapes. */
export function htmlLang(language: Language): "ja" | "en" {
  return language === "en" ? "en" : "ja";
}

/** The language of a place before anyone chose one, from its BCP 47 locale. */
export function languageOfLocale(locale: string): "ja" | "en" {
  return locale.toLowerCase().startsWith("ja") ? "ja" : "en";
}
