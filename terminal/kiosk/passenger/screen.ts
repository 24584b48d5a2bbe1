import type { Sentence } from "#ui/text/markup.ts";

/** The ground is the answer: green usable, amber something to do, paper go on, grey rest. */
export type Ground = "plain" | "ok" | "attention" | "calm";

/** How the one drawing of reader and card stands. */
export interface ReaderPose {
  readonly card: "above" | "on";
  readonly arrow: "down" | "up" | null;
  readonly ring: "place" | "busy" | "ok" | "attention";
  readonly badge: boolean;
}

/** The one large number of a screen. */
export type Hero =
  | { readonly kind: "uses"; readonly uses: number }
  | { readonly kind: "money"; readonly amountMinor: number };

/** One person aboard. */
export interface Tile {
  readonly seat: Sentence;
  readonly usable: boolean;
  readonly state: Sentence;
  readonly hero: Hero | null;
}

/** The picture that explains a refusal. */
export type Figure =
  | { readonly kind: "hours"; readonly fromMinute: number; readonly toMinute: number; readonly nowMinute: number }
  | { readonly kind: "telephone" }
  | { readonly kind: "tickets" }
  | { readonly kind: "area" }
  | { readonly kind: "card" };

/** One line of the arithmetic. */
export interface ExplainedStep {
  readonly key: string;
  readonly words: Sentence;
  readonly amountMinor: number;
  readonly kind: "plain" | "less" | "city" | "total";
}

/** What the passenger sees: one sentence, one picture, one number. */
export type Screen =
  | {
      readonly kind: "instruct";
      readonly ground: Ground;
      readonly mark: "ok" | "attention" | null;
      readonly headline: Sentence;
      /** What to do, as large as the headline. */
      readonly action: Sentence | null;
      /** The rest of the message. */
      readonly details: readonly Sentence[];
      readonly notes: readonly Sentence[];
      readonly pose: ReaderPose;
    }
  | {
      readonly kind: "left";
      readonly ground: Ground;
      readonly mark: "ok" | null;
      readonly headline: Sentence;
      readonly label: Sentence;
      readonly side: Sentence;
      readonly hero: Hero | null;
      readonly notes: readonly Sentence[];
      readonly pose: ReaderPose;
    }
  | {
      readonly kind: "refused";
      readonly ground: Ground;
      readonly headline: Sentence;
      /** Why, and what is possible again. */
      readonly reasons: readonly Sentence[];
      readonly notes: readonly Sentence[];
      readonly figure: Figure;
      /** At paying: the full fare. */
      readonly fareMinor: number | null;
    }
  | {
      readonly kind: "riding";
      readonly ground: Ground;
      readonly headline: Sentence;
      readonly notes: readonly Sentence[];
      readonly tiles: readonly Tile[];
      readonly pose: ReaderPose | null;
    }
  | {
      readonly kind: "choosing";
      readonly ground: Ground;
      readonly headline: Sentence;
      readonly fareMinor: number;
      readonly options: readonly {
        readonly uses: number;
        readonly riderPaysMinor: number;
        readonly usesAfter: number | null;
      }[];
    }
  | {
      readonly kind: "paying";
      readonly ground: Ground;
      readonly label: Sentence;
      readonly cityLabel: Sentence;
      readonly note: Sentence | null;
      readonly riderPaysMinor: number;
      readonly fareMinor: number;
      readonly subsidyMinor: number;
      readonly steps: readonly ExplainedStep[];
    };

/** A line at the bottom left: words, and a number that stands out. */
export interface FootLine {
  readonly words: Sentence;
  readonly strong: Sentence | null;
  /** The number is too long to be large. */
  readonly long?: boolean;
}
