import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { detectCardDoor } from "./detect-door.ts";
import { createDrivingLicence, tornAt } from "./faults.ts";
import { createVirtualCard, type VirtualCard } from "./virtual-card.ts";
import { createVpcdDoor, type VpcdDoor } from "./vpcd-door.ts";

/** The reader's side of the virtual reader's protocol, by hand (docs/protocols/card.md §6). */
let server: Server;
let port: number;
let door: VpcdDoor;
beforeEach(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
  door = createVpcdDoor({ host: "127.0.0.1", port });
});
afterEach(async () => {
  await door.lift();
  server.close();
});

async function lay(card: VirtualCard): Promise<Socket> {
  const connection = once(server, "connection");
  await door.lay(card);
  const [socket] = (await connection) as [Socket];
  return socket;
}
/** Bytes that come back until there are `length` of them. */
async function receive(socket: Socket, length: number): Promise<string> {
  let received = Buffer.alloc(0);
  while (received.length < length) received = Buffer.concat([received, (await once(socket, "data"))[0] as Buffer]);
  return toHex(received);
}
const write = (socket: Socket, hex: string): boolean => socket.write(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("door to the virtual reader", () => {
  it("gives ATR and answers in frames", async () => {
    const socket = await lay(createDrivingLicence("a"));
    write(socket, "0001 04");
    expect(await receive(socket, 15)).toBe("000D3B888001000000009181C100D8");
    write(socket, "0007 00A4020C02000A");
    expect(await receive(socket, 4)).toBe("00026A82");
  });

  it("takes frames cut anywhere and several at once, answering in order", async () => {
    const socket = await lay(createDrivingLicence("a"));
    write(socket, "0007 00A4");
    await new Promise((resolve) => setTimeout(resolve, 30));
    write(socket, "020C02000A 0005 00B0000004 00");
    write(socket, "01 04");
    expect(await receive(socket, 23)).toBe("00026A8200026D00000D3B888001000000009181C100D8");
  });

  it("resets the card at power off, power on, reset and when it is lifted", async () => {
    let resets = 0;
    const parts = { personKey: "a", atr: Uint8Array.of(0x3b), certificateDer: new Uint8Array(0), state: null };
    const reset = (): void => {
      resets += 1;
    };
    const card = createVirtualCard({ ...parts, behaviors: [], reset });
    const socket = await lay(card);
    const before = resets;
    write(socket, "000100 000101 000102 000104");
    await receive(socket, 3);
    expect(resets - before).toBe(3);
    await door.lift();
    expect(resets - before).toBe(4);
  });

  it("lays the card again when the reader comes back", async () => {
    const socket = await lay(createDrivingLicence("a"));
    const again = once(server, "connection");
    socket.destroy();
    const [second] = (await again) as [Socket];
    write(second, "0001 04");
    expect(await receive(second, 15)).toContain("3B88");
  });

  it("lays the card again when the reader does not power it on", async () => {
    const socket = await lay(createDrivingLicence("a"));
    const again = once(server, "connection");
    write(socket, "0001 04");
    expect(await receive(socket, 15)).toContain("3B88");
    await again;
    expect(socket.destroyed || socket.readableEnded).toBe(true);
  });

  it("leaves the reader with a card that is taken away in mid-command", async () => {
    const licence = createDrivingLicence("a");
    const behavior = tornAt(1);
    const torn = createVirtualCard({ ...licence, state: null, behaviors: [behavior], reset: () => undefined });
    const socket = await lay(torn);
    const closed = once(socket, "close");
    socket.resume();
    write(socket, "0007 00A4020C02000A");
    await closed;
  });
});

describe("finding the door", () => {
  it("names the reason within two seconds when no virtual reader listens", async () => {
    await new Promise((resolve) => server.close(resolve));
    const startedAt = performance.now();
    const found = await detectCardDoor({ host: "127.0.0.1", port });
    expect(found.technology).toBe("simulator");
    expect(found.note).toContain("does not run here");
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });
});
