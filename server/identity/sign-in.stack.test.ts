import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, startTestServer, TEST_CITY, type TestServer } from "#tests/kit/test-server.ts";

const PASSWORD = "a long enough password";
let test: TestServer;

beforeAll(async () => {
  test = await startTestServer({
    NOTTE_ADMIN_LOGIN: "first",
    NOTTE_ADMIN_PASSWORD: PASSWORD,
    NOTTE_ADMIN_MUNICIPALITY: TEST_CITY,
  });
  await test.enrol("CAB", "cab1", "c-1");
  await test.enrol("CAB", "cab2", "c-2");
});
afterAll(() => test.stop());

const SIGN_IN =
  "mutation ($l: String!, $p: String!) { signIn(login: $l, password: $p) { ok token error viewer { kind roles } } }";
const signIn = async (login: string, password: string): Promise<Answer["data"]> =>
  (await test.graphql(SIGN_IN, { l: login, p: password })).data.signIn;
const kindOf = async (headers: Record<string, string>): Promise<string | undefined> => {
  const { data, errors } = await test.graphql("{ viewer { kind } }", {}, headers);
  return data?.viewer.kind ?? errors[0]?.extensions.code;
};

describe("signing in with a password", () => {
  it("gives a token for programs and a cookie that scripts cannot read", async () => {
    const { data, headers } = await test.graphql(SIGN_IN, { l: "first", p: PASSWORD });
    expect(data.signIn).toMatchObject({ ok: true, error: null, viewer: { kind: "STAFF", roles: ["CITY_ADMIN"] } });
    const cookie = headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^notte_session=maebashi\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await kindOf({ cookie: cookie.split(";")[0] ?? "" })).toBe("STAFF");
    expect(await kindOf({ authorization: `Bearer ${data.signIn.token}` })).toBe("STAFF");
    expect(await kindOf({ cookie: cookie.split(";")[0] ?? "", origin: "http://elsewhere.example" })).toBe("FORBIDDEN");
  });
  it("says the same for a wrong login and a wrong password", async () => {
    const wrong = { ok: false, token: null, viewer: null, error: "WRONG_LOGIN_OR_PASSWORD" };
    expect(await signIn("first", "not the password")).toEqual(wrong);
    expect(await signIn("nobody", PASSWORD)).toEqual(wrong);
    expect(await signIn("first", "x".repeat(10_000))).toEqual(wrong);
  });
  it("is limited per login, until a quarter of an hour has passed", async () => {
    for (let attempt = 0; attempt < 5; attempt++) await signIn("guessed", "guess");
    expect((await signIn("guessed", "guess")).error).toBe("TOO_MANY_ATTEMPTS");
    test.setNow(test.now() + 15 * 60_000);
    expect((await signIn("guessed", "guess")).error).toBe("WRONG_LOGIN_OR_PASSWORD");
  });
  it("lasts until signing out", async () => {
    const { token } = await signIn("first", PASSWORD);
    const headers = { authorization: `Bearer ${token}` };
    expect((await test.graphql("mutation { signOut }", {}, headers)).data.signOut).toBe(true);
    expect(await kindOf(headers)).toBe("UNAUTHENTICATED");
  });
  it("ends after two hours without use, and after half a day whatever happens", async () => {
    const idle = await signIn("first", PASSWORD);
    test.setNow(test.now() + 2 * 3_600_000);
    expect(await kindOf({ authorization: `Bearer ${idle.token}` })).toBe("UNAUTHENTICATED");
    const used = { authorization: `Bearer ${(await signIn("first", PASSWORD)).token}` };
    for (let hour = 1; hour < 12; hour++) {
      test.setNow(test.now() + 3_600_000);
      expect(await kindOf(used)).toBe("STAFF");
    }
    test.setNow(test.now() + 3_600_000);
    expect(await kindOf(used)).toBe("UNAUTHENTICATED");
  });
});

describe("one-click sign-in", () => {
  const ask = async (variables: object, headers: Record<string, string> = {}): Promise<Answer["data"]> => {
    const query =
      "mutation ($m: ID!, $r: StaffRole!, $c: ID) { demoSignIn(municipality: $m, role: $r, companyId: $c) { ok error viewer { roles companyId } } }";
    return (await test.graphql(query, variables, headers)).data.demoSignIn;
  };
  const refused = { ok: false, error: "DEMO_NOT_AVAILABLE", viewer: null };
  it("is offered on this machine in demo mode", async () => {
    expect(await ask({ m: TEST_CITY, r: "PLANNER" })).toMatchObject({ ok: true, viewer: { roles: ["PLANNER"] } });
    expect(await ask({ m: TEST_CITY, r: "COMPANY_ACCOUNTANT", c: "c-1" })).toMatchObject({
      viewer: { companyId: "c-1" },
    });
  });
  it("is refused through a proxy", async () => {
    for (const name of ["x-forwarded-for", "forwarded", "via", "x-real-ip"]) {
      expect(await ask({ m: TEST_CITY, r: "PLANNER" }, { [name]: "127.0.0.1" })).toEqual(refused);
    }
  });
  it("is refused for another city, and for roles that do not fit a company", async () => {
    expect(await ask({ m: "nowhere", r: "PLANNER" })).toEqual(refused);
    expect(await ask({ m: TEST_CITY, r: "COMPANY_ACCOUNTANT" })).toEqual(refused);
    expect(await ask({ m: TEST_CITY, r: "PLANNER", c: "c-1" })).toEqual(refused);
  });
});

describe("rights", () => {
  const codeOf = async (query: string, headers: Record<string, string> = {}): Promise<string> =>
    (await test.graphql(query, {}, headers)).errors[0]?.extensions.code ?? "none";
  const queries = {
    companyDay: `{ companyDay(municipality: "${TEST_CITY}", companyId: "c-1") { day } }`,
    ledger: `{ ledger(municipality: "${TEST_CITY}") { position } }`,
    ride: `{ ride(municipality: "${TEST_CITY}", rideKey: "x") { tag } }`,
    bookTotals: `{ bookTotals(municipality: "${TEST_CITY}") { rides } }`,
    quarantine: `{ quarantine(municipality: "${TEST_CITY}") { rideKey } }`,
    livePicture: `{ livePicture(municipality: "${TEST_CITY}") { day } }`,
    linkCards: `mutation { linkCards(municipality: "${TEST_CITY}", input: []) { ok } }`,
    enrolFleet: `mutation { enrolFleet(input: { municipality: "${TEST_CITY}" }) { ok } }`,
    unlinkCard: `mutation { unlinkCard(input: { municipality: "${TEST_CITY}", credentialId: "x", reason: "y" }) { ok } }`,
    registryChanges: `{ registryChanges(municipality: "${TEST_CITY}") { seq } }`,
    setCredentialState: `mutation { setCredentialState(municipality: "${TEST_CITY}", credentialId: "x", state: STOPPED) { ok } }`,
  } as const;
  const allowed: Record<string, readonly (keyof typeof queries)[]> = {
    CITY_ADMIN: ["linkCards", "unlinkCard", "enrolFleet", "setCredentialState", "registryChanges"],
    CITY_OFFICER: ["companyDay", "ledger", "ride", "bookTotals", "quarantine"],
    COUNTER_CLERK: ["linkCards", "unlinkCard", "setCredentialState"],
    PLANNER: ["livePicture"],
    COMPANY_ACCOUNTANT: ["companyDay", "ride"],
    AUDITOR: ["companyDay", "ledger", "ride", "bookTotals", "quarantine", "registryChanges"],
  };
  it.each(Object.keys(allowed))("of %s are those of the table and no others", async (role) => {
    const headers = await test.as(role, role === "COMPANY_ACCOUNTANT" ? "c-1" : undefined);
    for (const [name, query] of Object.entries(queries)) {
      const isAllowed = allowed[role]?.includes(name as keyof typeof queries);
      expect([name, await codeOf(query, headers)]).toEqual([name, isAllowed ? "none" : "FORBIDDEN"]);
    }
  });
  it("nobody has any without signing in", async () => {
    for (const query of Object.values(queries)) expect(await codeOf(query)).toBe("UNAUTHENTICATED");
  });
  it("end at the border of the company and of the municipality", async () => {
    const accountant = await test.as("COMPANY_ACCOUNTANT", "c-2");
    expect(await codeOf(queries.companyDay, accountant)).toBe("FORBIDDEN");
    expect(await codeOf('{ ledger(municipality: "lakeside") { position } }', await test.as("AUDITOR"))).toBe(
      "FORBIDDEN",
    );
  });
});
