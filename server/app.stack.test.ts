import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  RECORD,
  registerPeople,
  rideInput,
  startTestServer,
  TEST_CITY,
  type TestServer,
  type TestTerminal,
} from "#tests/kit/test-server.ts";

let test: TestServer;
let migration: TestTerminal;

beforeAll(async () => {
  test = await startTestServer({
    KIOSK_URL: "http://localhost:4329",
    DEMO_MUNICIPALITY: TEST_CITY,
    DEMO_COMPANY_ID: "c-1",
  });
  migration = await test.enrol("MIGRATION", "m1");
  await test.enrol("CAB", "cab1");
  await registerPeople(test, 30);
});
afterAll(() => test.stop());

const asMigration = async () => ({ authorization: `Terminal ${await migration.token()}` });
const positions = async (): Promise<number> => {
  const { data } = await test.graphql(
    `{ bookTotals(municipality: "${TEST_CITY}") { lastPosition } }`,
    {},
    await test.as("AUDITOR"),
  );
  return data.bookTotals.lastPosition;
};
const record = async (change: Record<string, unknown>, headers?: Record<string, string>) =>
  test.graphql(
    RECORD,
    { input: [{ vehicleId: "v-cab1", ...rideInput(test.now(), change) }] },
    headers ?? (await asMigration()),
  );

describe("a ride over HTTP", () => {
  it("is recorded with a receipt, and the same ride sent again gets the same answer", async () => {
    const input = [{ vehicleId: "v-cab1", ...rideInput(test.now()) }];
    const first = (await test.graphql(RECORD, { input }, await asMigration())).data.recordRides;
    expect(first.outcomes[0]).toMatchObject({ status: "RECORDED", replayed: false, decision: { subsidyMinor: 535 } });
    expect(first.receipt.digest).toBeTruthy();
    const again = (await test.graphql(RECORD, { input }, await asMigration())).data.recordRides;
    expect(again.outcomes[0]).toEqual({ ...first.outcomes[0], replayed: true });
  });
});

describe("bad input is told clearly and writes nothing", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ["a ride of 1970", { boardedAt: 0, alightedAt: 600_000 }, "TIME_OUT_OF_RANGE"],
    [
      "a ride from the future",
      { boardedAt: Date.UTC(2031, 1), alightedAt: Date.UTC(2031, 1) + 1 },
      "TIME_OUT_OF_RANGE",
    ],
    ["a negative fare", { components: [{ kind: "METER", amountMinor: -500 }] }, "FARE_NEGATIVE"],
    ["an absurd fare", { components: [{ kind: "METER", amountMinor: 99_999_999 }] }, "FARE_ABSURD"],
    ["no riders", { riders: [] }, "NO_RIDERS"],
    ["two references of one rider", { riders: [{ credentialId: "cred-1", holdId: "h" }] }, "RIDER_REFERENCE"],
    ["an unknown vehicle", { vehicleId: "v-none" }, "UNKNOWN_VEHICLE"],
  ];
  it.each(cases)("%s", async (_name, change, code) => {
    const before = await positions();
    const { data } = await record(change);
    expect(data.recordRides.outcomes[0]).toMatchObject({ status: "REJECTED", error: { code } });
    expect(await positions()).toBe(before);
  });

  const refusedDocuments: [string, string, object, string][] = [
    ["malformed GraphQL", "{ viewer { kind ", {}, "GRAPHQL_PARSE_FAILED"],
    ["an unknown field", "{ viewer { shoeSize } }", {}, "GRAPHQL_VALIDATION_FAILED"],
    ["wrong types", RECORD, { input: [{ rideId: 5 }] }, "BAD_USER_INPUT"],
    [
      "a fractional amount",
      RECORD,
      { input: [{ ...rideInput(0), components: [{ kind: "METER", amountMinor: 1.5 }] }] },
      "BAD_USER_INPUT",
    ],
    [
      "text that is not base64",
      RECORD,
      { input: [{ ...rideInput(0), riders: [{ sealedEvidence: "%%%" }] }] },
      "BAD_USER_INPUT",
    ],
    [
      "a day that does not exist",
      `{ companyDay(municipality: "${TEST_CITY}", companyId: "c-1", day: "2026-02-30") { day } }`,
      {},
      "GRAPHQL_VALIDATION_FAILED",
    ],
    [
      "a document that asks for too much",
      `{ ${Array.from({ length: 25 }, (_, n) => `a${n}: viewer { kind }`).join(" ")} }`,
      {},
      "GRAPHQL_VALIDATION_FAILED",
    ],
  ];
  it.each(refusedDocuments)("%s", async (_name, query, variables, code) => {
    const { errors, status } = await test.graphql(query, variables, await asMigration());
    expect(errors[0]?.extensions.code).toBe(code);
    expect(status).toBe(400);
  });

  it("an unknown terminal", async () => {
    const { status, errors } = await record(
      {},
      { authorization: `Terminal ${await migration.token({ sub: "t-none" })}` },
    );
    expect([status, errors[0]?.extensions.code]).toEqual([401, "UNAUTHENTICATED"]);
  });
  it("nobody, and a role that does not ride", async () => {
    expect((await record({}, {})).errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect((await record({}, await test.as("PLANNER"))).errors[0]?.extensions.code).toBe("FORBIDDEN");
  });
  it("a body of 10 MB", async () => {
    const response = await post(`${test.url}/graphql`, `{"query":"${"x".repeat(10 * 1024 * 1024)}"}`);
    expect(response.status).toBe(413);
    expect(JSON.parse(response.text).errors[0].extensions.code).toBe("PAYLOAD_TOO_LARGE");
  });
  it("a text with a NUL character", async () => {
    const { status, errors } = await test.graphql("query($k: String!) { x: __type(name: $k) { name } }", { k: "a\0b" });
    expect([status, errors[0]?.extensions.code]).toEqual([400, "BAD_REQUEST"]);
  });
  it("a body that is no JSON", async () => {
    const response = await post(`${test.url}/graphql`, "{nonsense");
    expect(response.status).toBe(400);
    expect(JSON.parse(response.text).errors[0].extensions.code).toBe("BAD_REQUEST");
  });
  it("several operations in one body", async () => {
    const response = await post(`${test.url}/graphql`, '[{"query":"{viewer{kind}}"},{"query":"{viewer{kind}}"}]');
    expect(response.status).toBe(400);
  });
  it("a form post from another site", async () => {
    const response = await post(`${test.url}/graphql`, "query={viewer{kind}}", "application/x-www-form-urlencoded");
    expect(response.status).toBe(400);
  });
  it("and the process is up afterwards", async () => {
    expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
    expect((await record({})).data.recordRides.outcomes[0].status).toBe("RECORDED");
  });
});

describe("what else is served", () => {
  it("tells whether it is ready, and its metrics to this machine alone", async () => {
    expect(await (await fetch(`${test.url}/readyz`)).json()).toEqual({ ok: true, problems: [] });
    const metrics = await (await fetch(`${test.url}/metrics`)).text();
    expect(metrics).toContain('notte_reader_lag_events{reader="maebashi/picture"}');
    expect(metrics).toMatch(/notte_ride_outcomes_total\{status="RECORDED"\} [1-9]/);
    expect((await fetch(`${test.url}/metrics`, { headers: { "x-forwarded-for": "127.0.0.1" } })).status).toBe(404);
  });
  it("the demo's addresses", async () => {
    const response = await fetch(`${test.url}/demo.json`);
    expect(await response.json()).toEqual({
      kioskUrl: "http://localhost:4329",
      municipality: TEST_CITY,
      companyId: "c-1",
    });
    expect(response.headers.get("content-security-policy")).toContain("frame-src 'self' http://localhost:4329");
  });
  it("nothing for an unknown file, and no list of a directory", async () => {
    expect((await fetch(`${test.url}/nothing.js`)).status).toBe(404);
    expect((await fetch(`${test.url}/assets/`)).status).toBe(404);
    expect((await fetch(`${test.url}/..%2fpackage.json`)).status).toBe(404);
  });
  it("logs hold nothing of what was sent", async () => {
    const token = await migration.token();
    await test.graphql("{ viewer { kind } }", {}, { authorization: `Terminal ${token}` });
    expect(test.logged()).toContain("listening");
    expect(test.logged()).not.toContain(token);
    expect(test.logged()).not.toContain("36389500");
  });
});

interface Plain {
  readonly status: number;
  readonly text: string;
}

/** Sends a body as it is; fetch would give up when the server answers before all of it was sent. */
function post(url: string, body: string, type = "application/json"): Promise<Plain> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers: { "content-type": type } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
