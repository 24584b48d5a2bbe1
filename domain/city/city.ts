import type { Point, ZoneSeed } from "../geo/point.ts";
import type { MunicipalityId, SchemeId } from "../ids.ts";
import type { Scheme } from "../scheme/scheme.ts";
import type { FiscalYearStart } from "../time/local.ts";

/**
 * A text the city owns, in the three languages of the screens (`easy` = やさしい日本語, readings in the markup of the
 * catalogues, `市《し》`; other countries: their plain language).
 */
export interface CityText {
  readonly ja: string;
  readonly easy: string;
  readonly en: string;
}

/** A municipality as data (`cities/<id>/city.json`). Nothing but this says which city it is. */
export interface City {
  readonly id: MunicipalityId;
  readonly name: CityText;
  /** ISO 4217 code and number of minor digits (JPY 0, USD 2). */
  readonly currency: { readonly code: string; readonly minorDigits: number };
  /** IANA time zone. */
  readonly zone: string;
  /** BCP 47 locale of documents and of screens before anyone chose a language. */
  readonly locale: string;
  readonly fiscalYearStart: FiscalYearStart;
  /** First local day for which the ledger takes rides. */
  readonly ledgerOpensOnDay: number;
  /** Highest fare believed without a person looking, in minor units; above it input is rejected. */
  readonly absurdFareMinor: number;
  /** Longest ride believed, in minutes. */
  readonly absurdRideMinutes: number;
  /** How long after the end of a ride its terminal may take it back, in minutes; later reversals are for staff. */
  readonly terminalReversalMinutes: number;
  readonly telephone: string;
  readonly officeHours: CityText;
  readonly cardName: CityText;
  /** The scheme rides are decided by. */
  readonly schemeId: SchemeId;
  readonly schemes: readonly Scheme[];
  /** Closed ring of the city's border. */
  readonly border: readonly Point[];
  /** Zones for counting; several seeds a zone. */
  readonly zones: readonly (ZoneSeed & { readonly name: CityText; readonly label: Point })[];
}
