import type { Point } from "#domain/geo/point.ts";
import { fareOf } from "#domain/ride/fare.ts";
import type { KioskPhase, KioskView } from "#protocol/kiosk/view.ts";
import { isImplausible } from "./fare.ts";
import { choicesOf, versionAt } from "./local-decision.ts";
import {
  leftOf,
  type NumberedMessage,
  refusalMessage,
  say,
  schemeHours,
  secondMessage,
  touchMessage,
} from "./message.ts";
import { isNight } from "./night.ts";
import {
  type Amounts,
  type Ride,
  type SessionRules,
  type SessionState,
  THANKS_FIRST_MS,
  type Touch,
  UNDO_WITHIN_MS,
} from "./state.ts";
import { meterFare } from "./turn.ts";

interface Picture {
  readonly phase: KioskPhase;
  readonly message: NumberedMessage;
  readonly second?: NumberedMessage | null;
  readonly nextAct: KioskView["nextAct"];
}

/** What the kiosk shows for a state. Pure; amounts appear only when they stand in the journal. */
export function viewOf(rules: SessionRules, s: SessionState, revision: number): KioskView {
  const picture = pictureOf(rules, s);
  const shown = shownRide(s);
  const amounts = shown?.confirmedAtMs != null ? shown.amounts : null;
  const { riders, reader, meter } = { riders: shown?.touches ?? [], reader: s.reader, meter: s.meter };
  return {
    revision,
    at: s.nowMs,
    phase: picture.phase,
    city: cityOf(rules, s.nowMs),
    message: { number: picture.message.number, parameters: { ...picture.message.parameters } },
    second: picture.second ? { number: picture.second.number, parameters: { ...picture.second.parameters } } : null,
    riders: riders.flatMap((touch, index) => (touch.standing ? [riderOf(touch, index, amounts)] : [])),
    amounts: amounts ? amountsView(amounts) : null,
    choices: picture.phase === "choosing" && s.ride ? [...choicesOf(rules, s.ride)] : [],
    collectMinor: collect(s),
    meter: {
      technology: meter.technology,
      connected: meter.connected,
      state: meter.state,
      fareMinor: fareOf(meter.components),
    },
    reader: {
      technology: reader.technology,
      name: reader.name,
      state: !reader.present ? "absent" : s.card?.present ? "card" : "empty",
      note: reader.note,
    },
    signal: { ...s.signal, asOf: asOf(s, shown) },
    moving: s.moving,
    night: isNight(s.nowMs, s.place ?? centreOf(rules)),
    vehicleLabel: rules.vehicleLabel,
    // While the first card is still being asked for there is nothing to call by a tag; one paint less.
    rideTag: shown && (shown.touches.some((touch) => touch.standing) || shown.departed) ? shown.tag : null,
    nextAct: picture.nextAct,
    undoUntil: s.closed && !s.ride ? undoUntil(s) : null,
    sound: { ...s.sound },
  };
}

/** The ride the screen speaks of: the one under way, or the one just paid. */
function shownRide(s: SessionState): Ride | null {
  if (s.ride) return s.ride;
  return s.finale?.kind === "done" || s.forgotten ? (s.closed?.ride ?? null) : null;
}

function pictureOf(rules: SessionRules, s: SessionState): Picture {
  return trouble(s) ?? cardPicture(rules, s) ?? ridePicture(rules, s) ?? finalePicture(s) ?? idlePicture(s);
}

function trouble(s: SessionState): Picture | null {
  if (s.ride?.confirmedAtMs != null) return null;
  const fullFare = unpaidOutside(s) || (s.journalFault !== null && meterFare(s) > 0);
  const acts = { nextAct: fullFare ? "paid" : "none" } as const;
  if (s.stopped || s.journalFault !== null) return { phase: "trouble", message: say(26), ...acts };
  const riders = s.ride?.touches.length ?? 0;
  if (!s.reader.present && riders === 0 && !s.finale) return { phase: "trouble", message: say(26), ...acts };
  if (!s.meter.connected && !meterFare(s) && !s.finale) return { phase: "trouble", message: say(2), ...acts };
  return null;
}

function cardPicture(rules: SessionRules, s: SessionState): Picture | null {
  if (s.card?.stage === "reading" || s.card?.stage === "opening") {
    return { phase: "reading", message: say(2), nextAct: "none" };
  }
  const isWaiting = s.ride !== null && s.ride.submittedAtMs !== null && s.ride.confirmedAtMs === null;
  if (s.problem && !isWaiting) {
    // Message 8, and 26 for a fifth card, say something about this ride; the others ask to lay the card again.
    const behind = ridePicture(rules, s) ?? finalePicture(s) ?? idlePicture(s);
    const message = say(s.problem.message);
    if (s.problem.message === 8 || s.problem.message === 26) return { ...behind, message, second: null };
    return { phase: "lay-again", message, nextAct: behind.nextAct };
  }
  return null;
}

function ridePicture(rules: SessionRules, s: SessionState): Picture | null {
  const { ride } = s;
  if (!ride) return null;
  if (ride.confirmedAtMs !== null && ride.amounts) return payingPicture(rules, ride, ride.amounts);
  if (ride.submittedAtMs !== null) return { phase: "paying", message: say(2), nextAct: "none" };
  if (ride.fare && isImplausible({ rules }, ride)) return { phase: "trouble", message: say(2), nextAct: "full-fare" };
  if (ride.fare && ride.byHand) return { phase: "refused", message: say(26), nextAct: "paid" };
  if (ride.fare && choicesOf(rules, ride).length > 1 && ride.touches.length > 0) return choosingPicture(rules, ride);
  const noticed = ride.touches.find((touch) => touch.touchId === s.notice?.touchId);
  const touch = noticed ?? (ride.departed ? undefined : ride.touches.at(-1));
  if (touch?.standing) {
    const message = touchMessage(rules, touch.standing, ride.boardedAtMs);
    const anyone = ride.touches.some((other) => other.standing?.usable);
    const nextAct = ride.departed ? "none" : anyone ? "depart" : "full-fare";
    if (!touch.standing.usable) return { phase: "refused", message, nextAct };
    return { phase: "accepted", message, second: secondMessage(rules, s, ride), nextAct };
  }
  if (ride.touches.length === 0) return null;
  return ridingPicture(rules, s, ride);
}

function ridingPicture(rules: SessionRules, s: SessionState, ride: Ride): Picture {
  const best = ride.touches.find((touch) => touch.standing?.usable) ?? ride.touches[0];
  const message = best?.standing ? touchMessage(rules, best.standing, ride.boardedAtMs) : say(2);
  return { phase: "riding", message, second: s.card?.present ? say(5) : null, nextAct: "none" };
}

function choosingPicture(rules: SessionRules, ride: Ride): Picture {
  const most = choicesOf(rules, ride).at(-1);
  return {
    phase: "choosing",
    message: say(13, { uses: most?.uses ?? 1, amountMinor: most?.riderPaysMinor ?? 0 }),
    nextAct: "none",
  };
}

function payingPicture(rules: SessionRules, ride: Ride, amounts: Amounts): Picture {
  const refused = amounts.riders.findIndex((rider) => !rider.granted);
  if (amounts.riders.every((rider) => !rider.granted) && refused >= 0) {
    const touch = ride.touches[refused];
    const context = {
      atMs: ride.boardedAtMs,
      limits: touch?.standing?.limits ?? [],
      usableUntil: touch?.standing?.usableUntil ?? null,
    };
    const message = refusalMessage(rules, amounts.riders[refused]?.refusal ?? null, context);
    return { phase: "refused", message, nextAct: "paid" };
  }
  const message = say(ride.corrects ? 24 : 11, { amountMinor: amounts.riderPaysMinor });
  return { phase: "paying", message, nextAct: "paid" };
}

function finalePicture(s: SessionState): Picture | null {
  const lying = s.forgotten !== null;
  if (s.forgotten && (!s.finale || s.nowMs >= s.forgotten.sinceMs + THANKS_FIRST_MS)) {
    return { phase: "card-forgotten", message: say(6), second: say(5), nextAct: "card-back" };
  }
  if (!s.finale) return null;
  const nextAct = lying ? "card-back" : "next-passenger";
  if (s.finale.kind === "cancelled") return { phase: "cancelled", message: say(25, { uses: s.finale.uses }), nextAct };
  const limits = s.closed?.ride.amounts?.riders.find((rider) => rider.granted)?.limitsAfter ?? [];
  return { phase: "done", message: say(14, leftOf(limits)), second: lying ? say(5) : null, nextAct };
}

function idlePicture(s: SessionState): Picture {
  return { phase: "idle", message: say(1), nextAct: unpaidOutside(s) ? "paid" : "none" };
}

/** A fare stands on the meter and no card was laid: the driver collects all of it. */
function unpaidOutside(s: SessionState): boolean {
  return meterFare(s) > 0 && (s.ride?.touches.length ?? 0) === 0;
}

function collect(s: SessionState): number | null {
  if (s.ride?.confirmedAtMs != null) return s.ride.amounts?.riderPaysMinor ?? null;
  if (s.ride?.submittedAtMs != null && s.journalFault === null) return null;
  const outside = unpaidOutside(s) || s.ride?.byHand != null || s.journalFault !== null;
  return outside && meterFare(s) > 0 ? meterFare(s) : null;
}

function asOf(s: SessionState, ride: Ride | null): number | null {
  const entries = (ride?.touches ?? []).flatMap((touch) =>
    touch.standing?.source === "entry" ? [touch.standing.asOfMs] : [],
  );
  return s.signal.online || entries.length === 0 ? null : Math.min(...entries);
}

function undoUntil(s: SessionState): number | null {
  const until = (s.closed?.closedAtMs ?? 0) + UNDO_WITHIN_MS;
  return until > s.nowMs ? until : null;
}

function riderOf(touch: Touch, index: number, amounts: Amounts | null): KioskView["riders"][number] {
  const standing = touch.standing;
  const decided = amounts?.riders[index];
  const limits = decided && decided.limitsAfter.length > 0 ? decided.limitsAfter : (standing?.limits ?? []);
  const left = leftOf(limits);
  return {
    seat: Math.min(4, index + 1),
    usable: decided ? decided.granted : (standing?.usable ?? false),
    refusal: (decided ? decided.refusal : standing?.refusal) ?? null,
    usesLeft: left.usesLeft,
    usesLeftToday: limits.find((limit) => limit.unit === "uses" && limit.per === "day")?.left ?? null,
    moneyLeftMinor: left.moneyLeftMinor,
    usableUntil: standing?.usableUntil ?? null,
  };
}

function amountsView(amounts: Amounts): NonNullable<KioskView["amounts"]> {
  return {
    fareMinor: amounts.fareMinor,
    subsidyMinor: amounts.subsidyMinor,
    riderPaysMinor: amounts.riderPaysMinor,
    final: true,
    uses: amounts.uses,
    steps: amounts.steps.map((step) => ({ ...step, parameters: { ...step.parameters } })),
  };
}

function cityOf(rules: SessionRules, atMs: number): KioskView["city"] {
  const { city } = rules;
  return {
    id: city.id,
    name: city.name,
    telephone: city.telephone,
    officeHours: city.officeHours,
    cardName: city.cardName,
    zone: city.zone,
    locale: city.locale,
    currencyCode: city.currency.code,
    currencyMinorDigits: city.currency.minorDigits,
    hours: schemeHours(rules, atMs),
    capMinor: capOf(rules, atMs),
  };
}

/** Most the city pays for one use by the scheme in force, or null when no single amount says it. */
function capOf(rules: SessionRules, atMs: number): number | null {
  const formula = versionAt(rules, atMs)?.solo.find((option) => option.uses === 1)?.formula;
  if (!formula) return null;
  return formula.kind === "fixed" ? formula.amountMinor : formula.capMinor;
}

/** Where the city lies, for the sunset before a position is known. */
function centreOf(rules: SessionRules): Point {
  const { border } = rules.city;
  const mean = (pick: (point: Point) => number): number =>
    Math.round(border.reduce((total, point) => total + pick(point), 0) / Math.max(1, border.length));
  return { latE6: mean((point) => point.latE6), lngE6: mean((point) => point.lngE6) };
}
