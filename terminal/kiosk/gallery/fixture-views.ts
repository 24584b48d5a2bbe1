import type { KioskView } from "#protocol/kiosk/view.ts";

/** Views of every phase, as an agent would send them: for looking at the screens without one. People and rides are made up. */

const AT = Date.UTC(2026, 10, 24, 2, 42);
const EVENING = Date.UTC(2026, 10, 24, 9, 5);

type Rider = KioskView["riders"][number];
type Amounts = NonNullable<KioskView["amounts"]>;

const YEN_CITY: KioskView["city"] = {
  id: "yen",
  name: { ja: "前橋市", easy: "前橋市《まえばしし》", en: "Maebashi City" },
  telephone: "027-224-1111",
  officeHours: {
    ja: "月曜日から金曜日 午前8時30分から午後5時15分",
    easy: "月曜日《げつようび》から 金曜日《きんようび》 8時《じ》30分《ぷん》から 17時《じ》15分《ふん》",
    en: "Monday to Friday, 8:30 to 17:15",
  },
  cardName: { ja: "マイナンバーカード", easy: "マイナンバーカード", en: "My Number Card" },
  zone: "Asia/Tokyo",
  locale: "ja-JP",
  currencyCode: "JPY",
  currencyMinorDigits: 0,
  hours: { fromMinute: 420, toMinute: 1080 },
  capMinor: 1000,
};

const DOLLAR_CITY: KioskView["city"] = {
  id: "dollar",
  name: { ja: "レイクサイド市(見本)", easy: "レイクサイド市《し》(みほん)", en: "Lakeside (sample city)" },
  telephone: "312-555-0100",
  officeHours: { ja: "平日", easy: "平日《へいじつ》", en: "Monday to Friday, 9 a.m. to 5 p.m. (sample)" },
  cardName: {
    ja: "市のタクシーカード(見本)",
    easy: "市《し》の タクシーカード(みほん)",
    en: "Lakeside taxi card (sample)",
  },
  zone: "America/Chicago",
  locale: "en-US",
  currencyCode: "USD",
  currencyMinorDigits: 2,
  hours: null,
  capMinor: 6000,
};

const IDLE: KioskView = {
  revision: 1,
  at: AT,
  phase: "idle",
  city: YEN_CITY,
  message: { number: 1, parameters: {} },
  second: null,
  riders: [],
  amounts: null,
  choices: [],
  collectMinor: null,
  meter: { technology: "hid", connected: true, state: "vacant", fareMinor: 0 },
  reader: { technology: "pcsc", name: "Reader", state: "empty", note: null },
  signal: { online: true, waiting: 0, asOf: null },
  moving: false,
  night: false,
  vehicleLabel: "27",
  rideTag: null,
  nextAct: "none",
  undoUntil: null,
  sound: { sequence: 1, cue: "none" },
};

function rider(seat: number, rest: Partial<Rider> = {}): Rider {
  return {
    seat,
    usable: true,
    refusal: null,
    usesLeft: 52,
    usesLeftToday: 2,
    moneyLeftMinor: null,
    usableUntil: "2027-03-31",
    ...rest,
  };
}

function amounts(fareMinor: number, subsidyMinor: number, rest: Partial<Amounts> = {}): Amounts {
  const step = (code: string, amountMinor: number, parameters = {}, of: number | null = null) => ({
    code,
    rider: of,
    amountMinor,
    parameters,
    refusal: null,
  });
  return {
    fareMinor,
    subsidyMinor,
    riderPaysMinor: fareMinor - subsidyMinor,
    final: true,
    uses: 1,
    steps: [
      step("METER", fareMinor),
      step("ELIGIBLE_FARE", fareMinor),
      step("RATE", Math.floor(fareMinor / 2), { rateBp: 5000, fareMinor, uses: 1 }, 0),
      ...(fareMinor / 2 > subsidyMinor ? [step("CAP", subsidyMinor, { capMinor: subsidyMinor }, 0)] : []),
      step("CITY_PAYS", subsidyMinor),
      step("RIDERS_PAY", fareMinor - subsidyMinor),
    ],
    ...rest,
  };
}

const card = { ...IDLE.reader, state: "card" as const };
const hired = { ...IDLE.meter, state: "hired" as const, fareMinor: 740 };
const at = (fareMinor: number) => ({ ...IDLE.meter, state: "paying" as const, fareMinor });
const say = (number: number, parameters: Record<string, number> = {}) => ({ number, parameters });
const refusedRider = (refusal: string, rest: Partial<Rider> = {}): Rider =>
  rider(1, { usable: false, refusal, ...rest });

function refused(number: number, parameters: Record<string, number>, who: Rider): Partial<KioskView> {
  return { phase: "refused", message: say(number, parameters), riders: [who], reader: card, nextAct: "full-fare" };
}

function paying(fareMinor: number, subsidyMinor: number): Partial<KioskView> {
  return {
    phase: "paying",
    message: say(11, { amountMinor: fareMinor - subsidyMinor }),
    riders: [rider(1, { usesLeft: 51, usesLeftToday: 1 })],
    amounts: amounts(fareMinor, subsidyMinor),
    collectMinor: fareMinor - subsidyMinor,
    meter: at(fareMinor),
    nextAct: "paid",
    rideTag: "7K2",
  };
}

const DIFFERENCES = {
  idle: {},
  "idle-unpaid": { meter: at(1070), collectMinor: 1070, nextAct: "paid" },
  reading: { phase: "reading", message: say(2), reader: card },
  accepted: {
    phase: "accepted",
    message: say(4, { usesLeft: 52 }),
    second: say(12, { capMinor: 1000 }),
    riders: [rider(1)],
    reader: card,
    nextAct: "depart",
  },
  "accepted-lifted": {
    phase: "accepted",
    message: say(4, { usesLeft: 52 }),
    second: say(7),
    riders: [rider(1)],
    nextAct: "depart",
  },
  "accepted-second": {
    phase: "accepted",
    message: say(4, { usesLeft: 23 }),
    riders: [rider(1), rider(2, { usesLeft: 23, usesLeftToday: 1 })],
    reader: card,
    nextAct: "depart",
  },
  "accepted-offline-night": {
    phase: "accepted",
    message: say(4, { usesLeft: 52 }),
    riders: [rider(1)],
    reader: card,
    nextAct: "depart",
    night: true,
    signal: { online: false, waiting: 3, asOf: AT - 7_500_000 },
  },
  "accepted-unknown": {
    phase: "accepted",
    message: say(22),
    riders: [rider(1, { usesLeft: null, usesLeftToday: null, usableUntil: null })],
    reader: card,
    nextAct: "depart",
    signal: { online: false, waiting: 1, asOf: null },
  },
  "accepted-counted": { phase: "accepted", message: say(8), riders: [rider(1)], reader: card, nextAct: "depart" },
  "refused-hours": { ...refused(17, { fromMinute: 420, toMinute: 1080 }, refusedRider("OUTSIDE_HOURS")), at: EVENING },
  "refused-area": refused(18, {}, refusedRider("OUTSIDE_AREA")),
  "refused-year": refused(15, { day: 20909 }, refusedRider("YEAR_LIMIT", { usesLeft: 0 })),
  "refused-day": refused(16, { uses: 2 }, refusedRider("DAY_LIMIT", { usesLeftToday: 0 })),
  "refused-unregistered": refused(19, {}, refusedRider("NOT_REGISTERED", { usesLeft: null, usableUntil: null })),
  "refused-renewal": refused(20, {}, refusedRider("CARD_NEEDS_RENEWAL", { usesLeft: null })),
  "refused-stopped": refused(21, {}, refusedRider("CARD_STOPPED", { usesLeft: null })),
  "refused-unknown": {
    ...refused(26, {}, rider(1, { usable: false, usesLeft: null })),
    signal: { online: false, waiting: 1, asOf: null },
  },
  "refused-paying-hours": {
    ...refused(17, { fromMinute: 420, toMinute: 1080 }, refusedRider("OUTSIDE_HOURS")),
    at: EVENING,
    reader: IDLE.reader,
    amounts: amounts(1070, 0, { steps: [] }),
    collectMinor: 1070,
    meter: at(1070),
    nextAct: "paid",
  },
  "refused-paying-stopped": {
    ...refused(21, {}, refusedRider("CARD_STOPPED", { usesLeft: null })),
    reader: IDLE.reader,
    amounts: amounts(1070, 0, { steps: [] }),
    collectMinor: 1070,
    meter: at(1070),
    nextAct: "paid",
  },
  "lay-again": { phase: "lay-again", message: say(3) },
  "lay-again-one": { phase: "lay-again", message: say(9), reader: card },
  "lay-again-kind": { phase: "lay-again", message: say(10), reader: card },
  riding: {
    phase: "riding",
    message: say(4, { usesLeft: 52 }),
    riders: [rider(1)],
    meter: hired,
    moving: true,
  },
  "riding-two": {
    phase: "riding",
    message: say(4, { usesLeft: 52 }),
    riders: [rider(1), rider(2, { usesLeft: 23 })],
    meter: hired,
    moving: true,
  },
  "riding-four": {
    phase: "riding",
    message: say(4, { usesLeft: 52 }),
    riders: [
      rider(1),
      rider(2, { usesLeft: 23 }),
      rider(3, { usable: false, refusal: "NOT_REGISTERED", usesLeft: null }),
      rider(4, { usesLeft: 1 }),
    ],
    meter: { ...hired, state: "premium" },
  },
  "riding-take-card": {
    phase: "riding",
    message: say(4, { usesLeft: 52 }),
    second: say(5),
    riders: [rider(1)],
    reader: card,
    meter: hired,
  },
  "riding-keypad": {
    phase: "riding",
    message: say(4, { usesLeft: 52 }),
    riders: [rider(1)],
    meter: { technology: "keypad", connected: true, state: "hired", fareMinor: 0 },
  },
  choosing: {
    phase: "choosing",
    message: say(13, { uses: 2, amountMinor: 1400 }),
    riders: [rider(1)],
    choices: [
      { uses: 1, riderPaysMinor: 1800, subsidyMinor: 1000 },
      { uses: 2, riderPaysMinor: 1400, subsidyMinor: 1400 },
    ],
    meter: at(2800),
  },
  "paying-asking": { phase: "paying", message: say(2), riders: [rider(1)], meter: at(1070) },
  paying: paying(1070, 535),
  "paying-capped": paying(12_340, 1000),
  "paying-two": {
    ...paying(1500, 1000),
    riders: [rider(1, { usesLeft: 51 }), rider(2, { usesLeft: 22 })],
    amounts: amounts(1500, 1000, {
      uses: 2,
      steps: [
        { code: "METER", rider: null, amountMinor: 1500, parameters: {}, refusal: null },
        { code: "COMPANY_DISCOUNT", rider: null, amountMinor: 150, parameters: {}, refusal: null },
        { code: "ELIGIBLE_FARE", rider: null, amountMinor: 1350, parameters: {}, refusal: null },
        {
          code: "RATE",
          rider: 0,
          amountMinor: 675,
          parameters: { rateBp: 5000, fareMinor: 1350, uses: 1 },
          refusal: null,
        },
        { code: "CAP", rider: 0, amountMinor: 500, parameters: { capMinor: 500 }, refusal: null },
        {
          code: "RATE",
          rider: 1,
          amountMinor: 675,
          parameters: { rateBp: 5000, fareMinor: 1350, uses: 1 },
          refusal: null,
        },
        { code: "CAP", rider: 1, amountMinor: 500, parameters: { capMinor: 500 }, refusal: null },
        { code: "CITY_PAYS", rider: null, amountMinor: 1000, parameters: {}, refusal: null },
        { code: "RIDERS_PAY", rider: null, amountMinor: 350, parameters: {}, refusal: null },
      ],
    }),
  },
  "paying-corrected": { ...paying(1200, 600), message: say(24, { amountMinor: 600 }) },
  "paying-dollars": {
    ...paying(12_450, 6000),
    city: DOLLAR_CITY,
    riders: [rider(1, { usesLeft: null, usesLeftToday: null, moneyLeftMinor: 182_000, usableUntil: "2027-06-30" })],
  },
  done: {
    phase: "done",
    message: say(14, { usesLeft: 51 }),
    riders: [rider(1, { usesLeft: 51, usesLeftToday: 1 })],
    amounts: amounts(1070, 535),
    nextAct: "next-passenger",
    undoUntil: AT + 59_000,
  },
  "card-forgotten": {
    phase: "card-forgotten",
    message: say(6),
    riders: [rider(1, { usesLeft: 51 })],
    reader: card,
    nextAct: "card-back",
  },
  "done-four": {
    phase: "done",
    message: say(14, { usesLeft: 51 }),
    riders: [rider(1, { usesLeft: 51 }), rider(2, { usesLeft: 22 }), rider(3, { usesLeft: 8 })],
    amounts: amounts(2400, 1500),
    nextAct: "next-passenger",
  },
  "paying-three": {
    ...paying(2400, 1500),
    riders: [rider(1, { usesLeft: 51 }), rider(2, { usesLeft: 22 }), rider(3, { usesLeft: 8 })],
  },
  cancelled: { phase: "cancelled", message: say(25, { uses: 1 }), nextAct: "next-passenger" },
  "trouble-reader": {
    phase: "trouble",
    message: say(26),
    reader: { ...IDLE.reader, state: "absent", note: "no reader" },
  },
  "trouble-meter": {
    phase: "trouble",
    message: say(2),
    riders: [rider(1)],
    meter: { ...hired, connected: false, state: "off" },
  },
} as const satisfies Record<string, Partial<KioskView>>;

/** Name of a view of the gallery. */
export type FixtureName = keyof typeof DIFFERENCES;

/** Every name, in the order of a ride. */
export const FIXTURE_NAMES = Object.keys(DIFFERENCES) as FixtureName[];

/** One view of the gallery. */
export function fixtureView(name: FixtureName): KioskView {
  return { ...IDLE, ...(DIFFERENCES[name] as Partial<KioskView>) };
}
