import { asId } from "#domain/ids.ts";
import { formatDay, parseDay } from "#domain/time/local.ts";
import type { LedgerLine, RideLine } from "#protocol/stream/events.ts";
import type { ComponentKind, QueryResolvers, RefusalCode, ResolversTypes } from "#server/generated/graphql.ts";
import { shout } from "#server/graphql/enums.ts";
import type { BookQueries } from "./book-queries.ts";

type Shape<Name extends keyof ResolversTypes> = Awaited<ResolversTypes[Name]>;

function stepShape(step: LedgerLine["steps"][number]): Shape<"Step"> {
  return {
    ...step,
    parameters: Object.entries(step.parameters).map(([name, value]) => ({ name, value })),
    refusal: step.refusal as RefusalCode | null,
  };
}

function rideShape(line: RideLine): Shape<"LedgerRide"> {
  return {
    ...line,
    refusal: line.refusal as RefusalCode | null,
    steps: line.steps.map(stepShape),
    components: line.components.map(({ kind, amountMinor }) => ({ kind: shout(kind) as ComponentKind, amountMinor })),
  };
}

function entryShape(line: LedgerLine): Shape<"LedgerEntry"> {
  return { ...line, refusal: line.refusal as RefusalCode | null, steps: line.steps.map(stepShape) };
}

type BookFields = "companyDay" | "ledger" | "ride" | "bookTotals" | "quarantine" | "livePicture";
const DEFAULT_LINES = 100;
const DEFAULT_ENTRIES = 20;

/** Resolvers that read the book and the picture. */
export function bookResolvers(book: BookQueries) {
  const query: Pick<QueryResolvers, BookFields> = {
    companyDay: async (_parent, { municipality, companyId, day, first, before }, { viewer }) => {
      const found = await book.companyDay(viewer, {
        municipality: asId(municipality),
        companyId: companyId ?? null,
        day: day == null ? null : (parseDay(day) ?? null),
        page: { first: first ?? DEFAULT_LINES, before: before ?? null },
      });
      return { ...found, day: formatDay(found.day), rides: found.rides.map(rideShape) };
    },
    ledger: async (_parent, { municipality, first, before }, { viewer }) => {
      const page = { first: first ?? DEFAULT_ENTRIES, before: before ?? null };
      return (await book.ledger(viewer, asId(municipality), page)).map(entryShape);
    },
    ride: async (_parent, { municipality, rideKey }, { viewer }) => {
      const found = await book.ride(viewer, asId(municipality), rideKey);
      return found && rideShape(found);
    },
    bookTotals: (_parent, { municipality }, { viewer }) => book.bookTotals(viewer, asId(municipality)),
    quarantine: (_parent, { municipality }, { viewer }) => book.quarantine(viewer, asId(municipality)),
    livePicture: async (_parent, { municipality }, { viewer }) => {
      const { picture, taxis } = await book.livePicture(viewer, asId(municipality));
      const { feed: _feed, ...shown } = picture;
      return { ...shown, freeTaxis: taxis.map(({ latE6, lngE6 }) => ({ latE6, lngE6 })) };
    },
  };
  return { query };
}
