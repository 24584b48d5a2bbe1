import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, TEST_CITY, type TestServer } from "#tests/kit/test-server.ts";

const SIGN_IN = 'mutation ($l: String!) { signIn(login: $l, password: "guess") { error } }';
let logins = 0;

async function attempt(test: TestServer, forwarded: string): Promise<string> {
  const { data } = await test.graphql(SIGN_IN, { l: `nobody-${logins++}` }, { "x-forwarded-for": forwarded });
  return data.signIn.error;
}

/** Attempts from one address until it has to wait. */
async function exhaust(test: TestServer, forwarded: (n: number) => string): Promise<void> {
  for (let n = 0; n < 30; n++) expect(await attempt(test, forwarded(n))).toBe("WRONG_LOGIN_OR_PASSWORD");
}

describe("a server behind a proxy it trusts", () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer({ TRUSTED_PROXY: "1" });
  });
  afterAll(() => test.stop());

  it("limits each client by its own address, whatever the client itself says before", async () => {
    await exhaust(test, (n) => `198.51.100.${n}, 203.0.113.7`);
    expect(await attempt(test, "203.0.113.7")).toBe("TOO_MANY_ATTEMPTS");
    expect(await attempt(test, "203.0.113.8")).toBe("WRONG_LOGIN_OR_PASSWORD");
  });
  it("counts what is no address for the proxy's own", async () => {
    await exhaust(test, (n) => `nonsense-${n}`);
    expect(await attempt(test, "more nonsense")).toBe("TOO_MANY_ATTEMPTS");
  });
  it("takes nobody for a caller on this machine because a header says so", async () => {
    const ask = `mutation { demoSignIn(municipality: "${TEST_CITY}", role: PLANNER) { error } }`;
    for (const forwarded of ["127.0.0.1", "::1"]) {
      const { data } = await test.graphql(ask, {}, { "x-forwarded-for": forwarded });
      expect(data.demoSignIn.error).toBe("DEMO_NOT_AVAILABLE");
      const metrics = await fetch(`${test.url}/metrics`, { headers: { "x-forwarded-for": forwarded } });
      expect(metrics.status).toBe(404);
    }
  });
});

describe("a server that was told of no proxy", () => {
  it("believes no header", async () => {
    const test = await startTestServer();
    try {
      await exhaust(test, (n) => `203.0.113.${n}`);
      expect(await attempt(test, "203.0.113.99")).toBe("TOO_MANY_ATTEMPTS");
    } finally {
      await test.stop();
    }
  });
});
