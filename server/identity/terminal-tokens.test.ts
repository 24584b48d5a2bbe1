import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { asId } from "#domain/ids.ts";
import type { KnownTerminal } from "./terminal-directory.ts";
import { createTerminalTokens, type TerminalTokens } from "./terminal-tokens.ts";

const NOW_S = 1_795_000_000;
const pair = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");

let clockS: number;
let fleet: Map<string, KnownTerminal>;
let tokens: TerminalTokens;

function terminal(kind: "cab" | "migration", fleetVersion = 1): KnownTerminal {
  return {
    viewer: {
      kind: "terminal",
      terminalId: asId("cab-1"),
      municipality: asId("here"),
      terminalKind: kind,
      companyId: null,
      vehicleId: asId("v-1"),
    },
    publicKeySpki: new Uint8Array(pair.publicKey.export({ format: "der", type: "spki" })),
    validUntilMs: null,
    fleetVersion,
  };
}

function sign(change: Record<string, unknown> = {}, key: KeyObject = pair.privateKey, kid = "cab-1"): Promise<string> {
  const claims = { municipality: "here", sub: "cab-1", aud: "notte-server", iat: NOW_S, exp: NOW_S + 600, ...change };
  return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid }).sign(key);
}

beforeEach(() => {
  clockS = NOW_S + 5;
  fleet = new Map([["here/cab-1", terminal("cab")]]);
  tokens = createTerminalTokens(
    { find: async (municipality, id) => fleet.get(`${municipality}/${id}`) },
    () => clockS * 1000,
  );
});

describe("terminal tokens", () => {
  it("speak for an active terminal, also when shown again", async () => {
    const token = await sign();
    expect(await tokens.viewerOf(token)).toMatchObject({ terminalId: "cab-1", vehicleId: "v-1" });
    expect(await tokens.viewerOf(token)).toMatchObject({ terminalId: "cab-1" });
  });
  it("count no longer once they expire, although they were verified before", async () => {
    const token = await sign();
    await tokens.viewerOf(token);
    clockS = NOW_S + 661;
    expect(await tokens.viewerOf(token)).toBeUndefined();
  });
  it("count no longer once the terminal is stopped, although they were verified before", async () => {
    const token = await sign();
    await tokens.viewerOf(token);
    fleet.clear();
    expect(await tokens.viewerOf(token)).toBeUndefined();
  });
  it("are checked again after the terminal got another key", async () => {
    const token = await sign();
    await tokens.viewerOf(token);
    const publicKeySpki = new Uint8Array(other.publicKey.export({ format: "der", type: "spki" }));
    fleet.set("here/cab-1", { ...terminal("cab", 2), publicKeySpki });
    expect(await tokens.viewerOf(token)).toBeUndefined();
  });
  const refused: [string, () => Promise<string>][] = [
    ["signed by another key", () => sign({}, other.privateKey)],
    ["of another audience", () => sign({ aud: "someone" })],
    ["of an unknown terminal", () => sign({ sub: "cab-2" }, pair.privateKey, "cab-2")],
    ["whose key id is not the subject", () => sign({}, pair.privateKey, "cab-2")],
    ["of another municipality", () => sign({ municipality: "there" })],
    ["that live too long", () => sign({ exp: NOW_S + 601 })],
    ["from the future", () => sign({ iat: NOW_S + 120, exp: NOW_S + 300 })],
    ["that are expired", () => sign({ iat: NOW_S - 600, exp: NOW_S - 120 })],
    ["without expiry", () => sign({ exp: undefined })],
    ["that are no token", async () => "x.y.z"],
    ["that are huge", async () => "x".repeat(5_000)],
  ];
  it.each(refused)("%s are refused", async (_name, make) => {
    expect(await tokens.viewerOf(await make())).toBeUndefined();
  });
  it("without a signature are refused", async () => {
    const [, payload] = (await sign()).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "none", kid: "cab-1" })).toString("base64url");
    expect(await tokens.viewerOf(`${header}.${payload}.`)).toBeUndefined();
  });
  it("are refused from the terminal's end on, and not before", async () => {
    const endsAtMs = (NOW_S + 60) * 1000;
    fleet.set("here/cab-1", { ...terminal("migration"), validUntilMs: endsAtMs });
    const token = await sign();
    clockS = NOW_S + 59;
    expect(await tokens.viewerOf(token)).toMatchObject({ terminalKind: "migration" });
    expect(await tokens.find({ municipality: asId("here"), terminalId: asId("cab-1") })).toBeDefined();
    clockS = NOW_S + 60;
    // Shown before, and freshly signed: both end.
    await expect(tokens.viewerOf(token)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(tokens.viewerOf(await sign({ iat: NOW_S + 60 }))).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await tokens.find({ municipality: asId("here"), terminalId: asId("cab-1") })).toBeUndefined();
    // Who does not hold the key is told nothing of it.
    expect(await tokens.viewerOf(await sign({}, other.privateKey))).toBeUndefined();
  });
});
