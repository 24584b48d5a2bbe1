import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MeterState } from "#protocol/meter/meter-reading.ts";
import type { MeterEvent, MeterPort } from "#terminal/devices/meter.ts";

/** A meter under test and the hands on it. */
export interface MeterUnderTest {
  readonly port: MeterPort;
  /** What a driver does until the meter stands at this state with this fare. */
  bring(state: MeterState, fareMinor: number): void;
  /** Lets time pass until everything has arrived. */
  settle(): Promise<void>;
  /** Pulls the cable; null for a meter that has none. */
  readonly unplug: (() => Promise<void>) | null;
  readonly plug: (() => Promise<void>) | null;
}

/** What every meter port promises, whatever stands behind it. */
export function meterPortContract(name: string, create: () => Promise<MeterUnderTest> | MeterUnderTest): void {
  describe(`meter port: ${name}`, () => {
    let meter: MeterUnderTest;
    let events: MeterEvent[];

    beforeEach(async () => {
      meter = await create();
      events = [];
      meter.port.start((event) => events.push(event));
      await meter.settle();
    });
    afterEach(() => meter.port.close());

    const readings = () => events.flatMap((event) => (event.kind === "reading" ? [event.reading] : []));

    it("says that it is connected, then that it is vacant with nothing to pay", () => {
      expect(events[0]).toMatchObject({ kind: "connected", name: expect.stringMatching(/\S/) });
      expect(readings().at(-1)).toMatchObject({ state: "vacant", components: [] });
    });

    it("gives the amount to pay exactly, once the meter stands at paying", async () => {
      meter.bring("paying", 1070);
      await meter.settle();
      expect(readings().at(-1)).toMatchObject({ state: "paying", components: [{ kind: "meter", amountMinor: 1070 }] });
    });

    it("is vacant and empty again for the next ride", async () => {
      meter.bring("paying", 2340);
      await meter.settle();
      meter.bring("vacant", 0);
      await meter.settle();
      expect(readings().at(-1)).toMatchObject({ state: "vacant", components: [] });
      meter.bring("paying", 600);
      await meter.settle();
      expect(readings().at(-1)?.components).toEqual([{ kind: "meter", amountMinor: 600 }]);
    });

    it("tells a state once, not with every frame", async () => {
      meter.bring("paying", 600);
      for (let turn = 0; turn < 5; turn++) await meter.settle();
      expect(readings().filter((reading) => reading.state === "paying")).toHaveLength(1);
    });

    it("says nothing more after close", async () => {
      await meter.port.close();
      const told = events.length;
      meter.bring("paying", 900);
      await meter.settle();
      expect(events).toHaveLength(told);
    });

    it("says when it is gone and tells its state again when it is back", async () => {
      if (!meter.unplug || !meter.plug) {
        expect(meter.port.technology).toBe("keypad");
        return;
      }
      meter.bring("paying", 1500);
      await meter.settle();
      await meter.unplug();
      expect(events.at(-1)).toMatchObject({ kind: "disconnected", reason: expect.stringMatching(/\S/) });
      const told = events.length;
      await meter.plug();
      expect(events.slice(told).map((event) => event.kind)).toEqual(["connected", "reading"]);
      expect(readings().at(-1)).toMatchObject({ state: "paying", components: [{ kind: "meter", amountMinor: 1500 }] });
    });
  });
}
