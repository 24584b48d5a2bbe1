import { describe, expect, it } from "vitest";
import { StorageError } from "./database.ts";
import { storageErrorCode, toStorageError } from "./sql-state.ts";
import { decoderOf, encodeParameter } from "./values.ts";

describe("parameters in text format", () => {
  it.each<[unknown, string | null]>([
    [null, null],
    [undefined, null],
    ["a", "a"],
    [12, "12"],
    [12n, "12"],
    [true, "true"],
    [new Uint8Array([0, 255]), "\\x00ff"],
    [{ a: [1] }, '{"a":[1]}'],
    [[], "{}"],
    [[1, 2], "{1,2}"],
    [["a", null, 'q"', "b\\", "", "x,y"], '{"a",NULL,"q\\"","b\\\\","","x,y"}'],
    [[new Uint8Array([9])], '{"\\\\x09"}'],
    [[true, undefined], '{"true",NULL}'],
  ])("number %# becomes its literal", (value, text) => expect(encodeParameter(value)).toBe(text));
});

describe("columns", () => {
  it.each<[number, string, unknown]>([
    [16, "t", true],
    [16, "f", false],
    [17, "\\x00ff", new Uint8Array([0, 255])],
    [20, "-9007199254740991", Number.MIN_SAFE_INTEGER],
    [1700, "12", 12],
    [23, "7", 7],
    [701, "1.5", 1.5],
    [114, '{"a":1}', { a: 1 }],
    [3802, "[1]", [1]],
    [1009, '{a,NULL,"b,c"}', ["a", null, "b,c"]],
    [1007, "{1,NULL}", [1, null]],
    [1016, "{5}", [5]],
    [25, "text", "text"],
  ])("of type %i: %s", (oid, text, value) => expect(decoderOf(oid)(text)).toEqual(value));

  it("throw when an integer is not safe", () => {
    expect(() => decoderOf(20)("9007199254740993")).toThrow(StorageError);
    expect(() => decoderOf(1700)("0.5")).toThrow(StorageError);
    expect(() => decoderOf(1016)("{9007199254740993}")).toThrow(StorageError);
  });
});

describe("errors of the edge", () => {
  it.each<[string | undefined, string]>([
    ["40001", "SERIALIZATION"],
    ["40P01", "SERIALIZATION"],
    ["23505", "CONSTRAINT"],
    ["57P01", "UNAVAILABLE"],
    ["08006", "UNAVAILABLE"],
    ["ECONNREFUSED", "UNAVAILABLE"],
    ["42601", "OTHER"],
    [undefined, "OTHER"],
  ])("%s is %s", (state, code) => expect(storageErrorCode(state)).toBe(code));

  it("are kept when they are ours, and told by their words when they have no code", () => {
    const ours = new StorageError("LOCKED", "ours");
    expect(toStorageError(ours)).toBe(ours);
    expect(toStorageError(new Error("Connection terminated unexpectedly")).code).toBe("UNAVAILABLE");
    expect(toStorageError("odd").code).toBe("OTHER");
  });
});
