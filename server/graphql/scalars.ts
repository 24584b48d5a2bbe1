import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { parseDay } from "#domain/time/local.ts";

function refuse(name: string, expected: string): never {
  throw new GraphQLError(`${name} must be ${expected}`, { extensions: { code: "BAD_USER_INPUT" } });
}

function integerScalar(name: string, description: string, min: number): GraphQLScalarType<number, number> {
  const check = (value: unknown): number => {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min) {
      return refuse(name, min === 1 ? "a positive integer" : "a safe integer");
    }
    return value;
  };
  return new GraphQLScalarType<number, number>({
    name,
    description,
    serialize: check,
    parseValue: check,
    parseLiteral: (node: ValueNode) =>
      node.kind === Kind.INT ? check(Number(node.value)) : refuse(name, "an integer"),
  });
}

function textScalar(
  name: string,
  description: string,
  form: { readonly expected: string; isValid(text: string): boolean },
): GraphQLScalarType<string, string> {
  const check = (value: unknown): string =>
    typeof value === "string" && form.isValid(value) ? value : refuse(name, form.expected);
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: check,
    parseValue: check,
    parseLiteral: (node: ValueNode) =>
      node.kind === Kind.STRING ? check(node.value) : refuse(name, `a string with ${form.expected}`),
  });
}

/** Longest base64 text taken: the largest sealed evidence is far below it. */
const BASE64_MAX = 64 * 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Resolvers of the scalars of `schema.graphql`; wrong values are BAD_USER_INPUT. */
export const scalars = {
  Instant: integerScalar("Instant", "Epoch milliseconds, UTC.", Number.MIN_SAFE_INTEGER),
  Minor: integerScalar("Minor", "Integer minor units.", Number.MIN_SAFE_INTEGER),
  Position: integerScalar("Position", "Dense position in the log.", 0),
  LocalDate: textScalar("LocalDate", "Local calendar day.", {
    expected: "a real day like 2026-11-23",
    isValid: (text) => parseDay(text) !== undefined,
  }),
  Base64: textScalar("Base64", "Bytes, base64.", {
    expected: "base64 with padding",
    isValid: (text) => text.length <= BASE64_MAX && BASE64.test(text),
  }),
};

/** Bytes of a Base64 value. */
export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

/** Base64 of bytes. */
export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
