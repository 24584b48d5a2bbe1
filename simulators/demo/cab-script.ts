import type { DemoPerson, DemoState } from "#protocol/demo/control.ts";
import type { KioskIntent, KioskView } from "#protocol/kiosk/view.ts";
import { pause } from "../clock.ts";

/** What a scripted ride moves: hands, meter and keys of the cab, as a person would. */
export interface CabHands {
  view(): KioskView;
  lay(person: DemoPerson, card: number): Promise<void>;
  lift(): Promise<void>;
  press(intent: KioskIntent): void;
  /** Drives: the meter runs to the fare in this time, the cab moves. */
  drive(fareMinor: number, durationMs: number): Promise<void>;
  meterPaying(): void;
  meterVacant(): void;
  cardsOf(person: DemoPerson): number;
}

type Script = NonNullable<DemoState["script"]>;

/** How long each moment is left on the screen, ms: a whole ride takes about nine seconds. */
export interface ScriptPace {
  readonly answerMs: number;
  readonly driveMs: number;
  readonly amountsMs: number;
  readonly thanksMs: number;
  readonly handMs: number;
}
export const HUMAN_PACE: ScriptPace = {
  answerMs: 1_800,
  driveMs: 2_400,
  amountsMs: 2_200,
  thanksMs: 1_200,
  handMs: 500,
};

/** For tests: as fast as the cab can follow. */
export const FAST_PACE: ScriptPace = { answerMs: 30, driveMs: 300, amountsMs: 30, thanksMs: 30, handMs: 30 };

/** Longest wait for the screen to say something new. */
const PATIENCE_MS = 15_000;

/** One whole ride of one person. Resolves null, or with one sentence saying where it got stuck. */
export async function playRide(
  hands: CabHands,
  options: {
    readonly person: DemoPerson;
    readonly fareMinor: number;
    readonly pace: ScriptPace;
    readonly signal: AbortSignal;
    readonly onStep: (step: Script["step"]) => void;
  },
): Promise<string | null> {
  const { person, fareMinor, pace, signal, onStep } = options;
  const wait = (ms: number): Promise<boolean> => pause(ms, signal);
  onStep("laying");
  for (let card = 0; card < hands.cardsOf(person); card += 1) {
    if (card > 0) {
      await hands.lift();
      await wait(pace.handMs);
    }
    await hands.lay(person, card);
    if (!(await until(hands, signal, (view) => isAnswered(view)))) return "The card was not answered.";
    if (!(await wait(pace.answerMs))) return "The ride was broken off.";
  }
  const { nextAct } = hands.view();
  if (nextAct === "depart" || nextAct === "full-fare") hands.press({ kind: "act", act: nextAct });
  onStep("driving");
  await hands.drive(fareMinor, pace.driveMs);
  onStep("paying");
  hands.meterPaying();
  if (!(await until(hands, signal, (view) => view.amounts !== null || view.phase === "choosing"))) {
    return "No amounts were shown.";
  }
  if (hands.view().phase === "choosing") {
    await wait(pace.amountsMs);
    hands.press({ kind: "choose-uses", uses: hands.view().choices[0]?.uses ?? 1 });
    if (!(await until(hands, signal, (view) => view.amounts !== null))) return "No amounts were shown.";
  }
  if (!(await wait(pace.amountsMs))) return "The ride was broken off.";
  hands.press({ kind: "act", act: "paid" });
  onStep("lifting");
  await wait(pace.thanksMs);
  await hands.lift();
  await wait(pace.handMs);
  hands.meterVacant();
  return null;
}

function isAnswered({ phase }: KioskView): boolean {
  return phase === "accepted" || phase === "refused" || phase === "lay-again";
}

/** Waits until the screen shows what is awaited. */
async function until(hands: CabHands, signal: AbortSignal, awaited: (view: KioskView) => boolean): Promise<boolean> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!awaited(hands.view())) {
    if (performance.now() > giveUpAt || !(await pause(30, signal))) return false;
  }
  return true;
}
