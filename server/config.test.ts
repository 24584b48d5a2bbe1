import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

describe("settings of the server", () => {
  it("need nothing in demo mode", () => {
    const read = readConfig({ NOTTE_MODE: "demo" });
    expect(read).toMatchObject({ ok: true, config: { port: 4000, host: "127.0.0.1", dataDir: ".data" } });
  });
  it("tell all problems together, each naming its variable", () => {
    const read = readConfig({ PORT: "abc", LOG_LEVEL: "loud", DATABASE_URL: "mysql://x" });
    expect(read.ok ? [] : read.problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      "DATABASE_URL",
      "LOG_LEVEL",
      "PORT",
    ]);
  });
  it("refuse demo mode off loopback", () => {
    const read = readConfig({ NOTTE_MODE: "demo", HOST: "0.0.0.0" });
    expect(read).toEqual({ ok: false, problems: ["HOST is 0.0.0.0: demo mode listens on loopback only."] });
  });
  it("refuse a shifted clock, missing keys and a demo kiosk in production", () => {
    const read = readConfig({ CLOCK_OFFSET_MS: "1000", KIOSK_URL: "http://localhost:4100" });
    expect(read.ok ? [] : read.problems).toHaveLength(3);
  });
  it("treat an empty variable as absent", () => {
    expect(readConfig({ NOTTE_MODE: "demo", PORT: "", DATABASE_URL: "" }).ok).toBe(true);
  });
  it("take login and password of the first administrator together only", () => {
    expect(readConfig({ NOTTE_MODE: "demo", NOTTE_ADMIN_LOGIN: "first" }).ok).toBe(false);
    expect(
      readConfig({ NOTTE_MODE: "demo", NOTTE_ADMIN_LOGIN: "first", NOTTE_ADMIN_PASSWORD: "long enough!" }).ok,
    ).toBe(true);
  });
  it("take a number of proxies or their addresses, and nothing that would trust everybody", () => {
    const proxyOf = (TRUSTED_PROXY: string) => {
      const read = readConfig({ NOTTE_MODE: "demo", TRUSTED_PROXY });
      return read.ok ? read.config.trustedProxy : "refused";
    };
    expect(proxyOf("")).toBeNull();
    expect(proxyOf("2")).toBe(2);
    expect(proxyOf("loopback, 10.1.0.0/16,::1")).toEqual(["loopback", "10.1.0.0/16", "::1"]);
    for (const wrong of ["0", "true", "10", "everybody", "10.0.0.0/0", "10.0.0.0/33", "1.2.3.4/8/8", "::/0", "1,"]) {
      expect([wrong, proxyOf(wrong)]).toEqual([wrong, "refused"]);
    }
  });
});
