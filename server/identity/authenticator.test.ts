import { describe, expect, it } from "vitest";
import type { Viewer } from "#domain/identity/viewer.ts";
import { asId } from "#domain/ids.ts";
import { createAuthenticator, isLocalCaller } from "./authenticator.ts";

const staff: Extract<Viewer, { kind: "staff" }> = {
  kind: "staff",
  staffId: "s-1",
  name: "officer",
  municipality: asId("here"),
  roles: ["city-officer"],
  companyId: null,
};
const authenticator = createAuthenticator(
  {
    begin: async () => "good",
    viewerOf: async (token) => (token === "good" ? staff : undefined),
    end: async () => undefined,
  },
  { viewerOf: async () => undefined, find: async () => undefined },
);
const as = (headers: Record<string, string>, auth?: { session?: unknown }) =>
  authenticator.authenticate({ address: "127.0.0.1", headers, ...(auth ? { auth } : {}) });
const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "none",
    (error: { code: string }) => error.code,
  );

describe("who asks", () => {
  it("is nobody without a credential, staff with a session", async () => {
    expect((await as({})).viewer.kind).toBe("anonymous");
    expect((await as({ authorization: "Bearer good" })).viewer.kind).toBe("staff");
    expect((await as({ cookie: "a=b; notte_session=good" })).viewer.kind).toBe("staff");
    expect((await as({}, { session: "good" })).viewer.kind).toBe("staff");
  });
  it("is refused with a token that does not hold, and nobody with a cookie that is over", async () => {
    expect(await codeOf(as({ authorization: "Bearer bad" }))).toBe("UNAUTHENTICATED");
    expect(await codeOf(as({ authorization: "Terminal bad" }))).toBe("UNAUTHENTICATED");
    expect(await codeOf(as({ authorization: "nonsense" }))).toBe("UNAUTHENTICATED");
    expect((await as({ cookie: "notte_session=bad" })).viewer.kind).toBe("anonymous");
  });
  it("may not come from another site with a cookie", async () => {
    const cookie = "notte_session=good";
    const host = "localhost:4000";
    expect((await as({ cookie, host, origin: "http://localhost:4000" })).viewer.kind).toBe("staff");
    expect(await codeOf(as({ cookie, host, origin: "http://localhost:4100" }))).toBe("FORBIDDEN");
    expect(await codeOf(as({ cookie, host, origin: "null" }))).toBe("FORBIDDEN");
    expect(await codeOf(as({ cookie, host, "sec-fetch-site": "cross-site" }))).toBe("FORBIDDEN");
  });
});

describe("a caller of this machine", () => {
  const headers = { host: "localhost:4000" };
  it.each([
    ["127.0.0.1", headers, true],
    ["::ffff:127.0.0.1", { host: "127.0.0.1" }, true],
    ["::1", { host: "[::1]:4000" }, true],
    ["10.0.0.5", headers, false],
    ["127.0.0.1", { ...headers, "x-forwarded-for": "127.0.0.1" }, false],
    ["127.0.0.1", { host: "notte.example:4000" }, false],
    ["127.0.0.1", {}, false],
  ])("%s with %o: %s", (address, given, expected) => {
    expect(isLocalCaller({ address, headers: given })).toBe(expected);
  });
});
