import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { en } from "../messages/en.ts";
import { ja, type Words } from "../messages/ja.ts";

/** Languages of the staff screens. */
export type StaffLanguage = "ja" | "en";

interface LanguageValue {
  readonly language: StaffLanguage;
  readonly words: Words;
  readonly choose: (language: StaffLanguage) => void;
}

const KEY = "notte.language";
const LanguageContext = createContext<LanguageValue | null>(null);

/** Gives the pages their words. What a person chose is kept in this browser; `?lang=en` chooses for one visit. */
export function LanguageProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<StaffLanguage>(firstLanguage);
  const words = language === "ja" ? ja : en;
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      words,
      choose: (next: StaffLanguage) => {
        remember(next);
        setLanguage(next);
      },
    }),
    [language, words],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

/** The chosen language and its words. */
export function useLanguage(): LanguageValue {
  const value = use(LanguageContext);
  if (!value) throw new Error("useLanguage outside LanguageProvider");
  return value;
}

function firstLanguage(): StaffLanguage {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "ja" || asked === "en") return asked;
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "ja";
  } catch {
    return "ja";
  }
}

function remember(language: StaffLanguage): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
}
