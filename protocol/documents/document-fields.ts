import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { type Minor, minor } from "#domain/money/money.ts";
import { type FiscalYearStart, formatDay, parseDay } from "#domain/time/local.ts";
import { zoneOffsetMinutes } from "../zone-offset.ts";

/** Fields of the documents people write by hand, each readable in both directions: text in the file, integers in the domain. */

/** Local day, `2026-04-01`. */
export const dayField = z.codec(z.string(), z.int(), {
  decode(text, context) {
    const day = parseDay(text);
    if (day !== undefined) return day;
    context.issues.push({ code: "custom", message: "not a date like 2026-04-01", input: text });
    return z.NEVER;
  },
  encode: formatDay,
});

/** Minute of the local day, `07:00`; `24:00` is the end of the day. */
export const minuteField = z.codec(z.string(), z.int(), {
  decode(text, context) {
    const match = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text);
    if (match) return match[1] === undefined ? 1440 : Number(match[1]) * 60 + Number(match[2]);
    context.issues.push({ code: "custom", message: "not a time of day like 07:00", input: text });
    return z.NEVER;
  },
  encode: (minute) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`,
});

/** Day of every year, `04-01`. The 29th to 31st are refused: they do not exist in every month of every year. */
export const monthDayField = z.codec(z.string(), z.custom<FiscalYearStart>(), {
  decode(text, context) {
    const match = /^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/.exec(text);
    if (match) return { month: Number(match[1]), day: Number(match[2]) };
    context.issues.push({ code: "custom", message: "not a day of every year like 04-01", input: text });
    return z.NEVER;
  },
  encode: ({ month, day }) => `${twoDigits(month)}-${twoDigits(day)}`,
});

/** Non-negative amount in minor units. */
export const minorField = z.codec(z.int().min(0), z.custom<Minor>(), { decode: minor, encode: (amount) => amount });

/** Positive amount in minor units. */
export const positiveMinorField = z.codec(z.int().min(1), z.custom<Minor>(), {
  decode: minor,
  encode: (amount) => amount,
});

/** Identifier of the given kind (see `domain/ids.ts`). */
export function idField<Id extends string>() {
  return z.codec(z.string().refine(isId, "not an identifier: 1 to 64 letters, digits and . _ : -"), z.custom<Id>(), {
    decode: (text) => text as Id,
    encode: (id) => id as string,
  });
}

/** A text a person reads: never empty. */
export const textField = z.string().trim().min(1);

/** A text in the three languages of the screens. */
export const cityTextField = z.strictObject({ ja: textField, easy: textField, en: textField });

/** `{ "latE6": 36389500, "lngE6": 139063400 }`, WGS 84 in integer micro-degrees. */
export const pointField = z.strictObject({
  latE6: z.int().min(-90_000_000).max(90_000_000),
  lngE6: z.int().min(-180_000_000).max(180_000_000),
});

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Name of a time zone, `Asia/Tokyo`. */
export const zoneField = z.string().refine(isZone, "not a time zone");

function isZone(zone: string): boolean {
  try {
    zoneOffsetMinutes(zone, 0);
    return true;
  } catch {
    return false;
  }
}
