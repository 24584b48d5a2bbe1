import { describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import { createSignIn } from "./sign-in.ts";

describe("attempts beyond the limit", () => {
  it("stand in the record once a minute and address, however many there are", async () => {
    let nowMs = 1_000_000;
    const limited: unknown[] = [];
    const signIn = createSignIn({
      sql: {
        async query(text, parameters = []) {
          if (text.includes("sign_in_event") && parameters[3] === "limited") limited.push(parameters[5]);
          return [];
        },
      },
      sessions: { begin: async () => "", viewerOf: async () => undefined, end: async () => undefined },
      now: () => nowMs,
      demoMode: false,
      municipalities: new Set([asId<never>("here")]),
    });
    const attempt = async (address: string) => {
      const given = { login: "guessed", password: "guess" };
      return signIn.withPassword({ kind: "anonymous" }, given, { address, loopback: false });
    };
    for (let n = 0; n < 5; n++) expect(await attempt("a")).toMatchObject({ error: "WRONG_LOGIN_OR_PASSWORD" });
    expect(limited).toEqual([]);
    for (let n = 0; n < 50; n++) expect(await attempt("a")).toMatchObject({ error: "TOO_MANY_ATTEMPTS" });
    await attempt("b");
    expect(limited).toEqual(["a", "b"]);
    nowMs += 60_000;
    for (let n = 0; n < 50; n++) await attempt("a");
    expect(limited).toEqual(["a", "b", "a"]);
  });
});
