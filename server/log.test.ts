import { describe, expect, it } from "vitest";
import { createLog } from "./log.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog("trace", { write: (line: string) => void lines.push(line) }));
  return lines.join("");
}

const JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYWItMSJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";

describe("log lines", () => {
  it("carry level, time and fields as JSON", () => {
    const line = JSON.parse(logged((log) => log.info({ rides: 3, requestId: "r-1" }, "recorded")));
    expect(line).toMatchObject({ level: "info", rides: 3, requestId: "r-1", msg: "recorded" });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });
  it("never carry what is named as secret, card or place, however deep", () => {
    const text = logged((log) =>
      log.warn(
        {
          headers: { authorization: `Terminal ${JWT}`, cookie: "notte_session=abc", host: "localhost" },
          input: [{ sealedEvidence: "c2VhbGVk", certificate: "MIIB", pin: "1234", password: "hunter2hunter2" }],
          erasable: { salt: "c2FsdA==", boarding: { latE6: 36389501, lngE6: 139063401 }, purpose: "care" },
          at: { latitude: 36.3895, longitude: 139.0634 },
          raw: new Uint8Array([0x30, 0x82, 0x41]),
        },
        "input refused",
      ),
    );
    for (const secret of ["c2VhbGVk", "MIIB", "1234", "hunter2", "c2FsdA", "36389501", "36.3895", "care", JWT, "abc"]) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain("localhost");
    expect(text).not.toContain("48,130");
  });
  it("take secrets out of messages, errors and their causes", () => {
    const cause = new Error(`peer sent Bearer ${JWT}`);
    const text = logged((log) => {
      log.error({ err: new Error(`cannot use token=${JWT} at 36.389512,139.063412`, { cause }) }, `PIN: 1234 ${JWT}`);
    });
    expect(text).not.toContain(JWT);
    expect(text).not.toContain("36.389512");
    expect(text).not.toContain("1234");
    expect(text).toContain("at "); // the frames stay
  });
  it("also clean what a child logger is bound to", () => {
    expect(logged((log) => log.child({ authorization: "Bearer abcdefgh12345678" }).info({}, "x"))).not.toContain(
      "abcdefgh",
    );
  });
});
