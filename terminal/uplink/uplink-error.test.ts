import { describe, expect, it } from "vitest";
import { fromAnswer, fromFetchFailure, UplinkError } from "./uplink-error.ts";
import { backOffMs } from "./uploader.ts";

const caused = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });

describe("a call without an answer", () => {
  it.each([
    [caused("ECONNREFUSED"), "UNREACHABLE", "transient"],
    [caused("ENOTFOUND"), "UNREACHABLE", "transient"],
    [caused("ENETUNREACH"), "UNREACHABLE", "transient"],
    [caused("UND_ERR_CONNECT_TIMEOUT"), "UNREACHABLE", "transient"],
    [
      new TypeError("fetch failed", { cause: new AggregateError([caused("ECONNREFUSED").cause]) }),
      "UNREACHABLE",
      "transient",
    ],
    [caused("ECONNRESET"), "BROKEN", "ambiguous"],
    [caused("UND_ERR_SOCKET"), "BROKEN", "ambiguous"],
    [new TypeError("ECONNREFUSED is only a word here"), "BROKEN", "ambiguous"],
    [new DOMException("late", "TimeoutError"), "TIMEOUT", "ambiguous"],
  ])("%s is %s, %s", (cause, code, kind) => {
    const error = fromFetchFailure(cause);
    expect(error).toMatchObject({ code, kind });
    expect(fromFetchFailure(error)).toBe(error);
  });

  it.each([
    [503, null, "OVERLOADED", "transient"],
    [200, "OVERLOADED", "OVERLOADED", "transient"],
    [429, null, "OVERLOADED", "transient"],
    [500, null, "SERVER", "ambiguous"],
    [502, null, "SERVER", "ambiguous"],
    [200, "INTERNAL_SERVER_ERROR", "SERVER", "ambiguous"],
    [200, null, "BAD_ANSWER", "ambiguous"],
    [401, null, "UNAUTHENTICATED", "permanent"],
    [200, "UNAUTHENTICATED", "UNAUTHENTICATED", "permanent"],
    [200, "FORBIDDEN", "FORBIDDEN", "permanent"],
    [400, "GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST", "permanent"],
    [413, null, "BAD_REQUEST", "permanent"],
  ] as const)("HTTP %i with %s is %s, %s", (status, code, expected, kind) => {
    expect(fromAnswer(status, code, null)).toMatchObject({ code: expected, kind });
  });

  it("is tried again later and later, with jitter, or when the server says", () => {
    const lost = new UplinkError("UNREACHABLE", "");
    expect([1, 2, 3, 20].map((failures) => backOffMs(failures, lost, 1))).toEqual([500, 1_000, 2_000, 15_000]);
    expect(backOffMs(1, lost, 0)).toBe(250);
    expect(backOffMs(1, fromAnswer(503, null, 7), 0)).toBe(7_000);
    expect(backOffMs(1, new UplinkError("UNAUTHENTICATED", ""), 1)).toBe(30_000);
  });
});
