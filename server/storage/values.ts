import pg from "pg";
import { StorageError } from "./database.ts";

/**
 * How values cross the edge to PostgreSQL's text format and back. Both drivers use this one file, so that a value
 * cannot mean two things.
 */

/** A parameter in PostgreSQL's text format; null stays null. */
export function encodeParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value instanceof Uint8Array) return bytesLiteral(value);
      if (Array.isArray(value)) return arrayLiteral(value);
      return JSON.stringify(value);
  }
}

const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

function bytesLiteral(bytes: Uint8Array): string {
  return `\\x${hexOf(bytes)}`;
}

const MUST_ESCAPE = /["\\]/;
const MUST_ESCAPE_ALL = /["\\]/g;

function arrayLiteral(values: readonly unknown[]): string {
  const elements: (string | number)[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) elements[i] = arrayElement(values[i]);
  return `{${elements.join(",")}}`;
}

function arrayElement(value: unknown): string | number {
  if (typeof value === "number") return value;
  if (value instanceof Uint8Array) return `"\\\\x${hexOf(value)}"`;
  const text = typeof value === "string" ? value : encodeParameter(value);
  if (text === null) return "NULL";
  return MUST_ESCAPE.test(text) ? `"${text.replace(MUST_ESCAPE_ALL, "\\$&")}"` : `"${text}"`;
}

type Decoder = (text: string) => unknown;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new StorageError("OTHER", `not a safe integer: ${text}`);
  return value;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

/** PostgreSQL's type numbers (pg_type.oid), fixed for built-in types. */
const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
} as const;
const OID_NUMERIC = 1700;
const OID_JSONB = 3802;
const OID_ARRAYS = { text: 1009, int4: 1007, int8: 1016 } as const;

const textArray = pg.types.getTypeParser(OID_ARRAYS.text as number) as unknown as (text: string) => (string | null)[];
const integerArray: Decoder = (text) => textArray(text).map((element) => (element === null ? null : Number(element)));

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [OID.bool, (text) => text === "t"],
  [OID.bytea, bytes],
  [OID.int8, safeInteger],
  [OID_NUMERIC, safeInteger],
  [OID.int2, Number],
  [OID.int4, Number],
  [OID.oid, Number],
  [OID.float4, Number],
  [OID.float8, Number],
  [OID.json, (text) => JSON.parse(text) as unknown],
  [OID_JSONB, (text) => JSON.parse(text) as unknown],
  [OID_ARRAYS.text, textArray],
  [OID_ARRAYS.int4, integerArray],
  [OID_ARRAYS.int8, (text) => textArray(text).map((element) => (element === null ? null : safeInteger(element)))],
]);

const asText: Decoder = (text) => text;

/** The decoder for a column type; unknown types stay text. */
export function decoderOf(oid: number): Decoder {
  return DECODERS.get(oid) ?? asText;
}
