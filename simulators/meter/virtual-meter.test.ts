import { describe, expect, it } from "vitest";
import { BCD_METER, BINARY_METER } from "#protocol/meter/meter-profile.ts";
import type { MeterEvent } from "#terminal/devices/meter.ts";
import { meterPortContract } from "#tests/contracts/meter-port.ts";
import { createHandClock } from "#tests/kit/hand-clock.ts";
import { createVirtualMeter } from "./virtual-meter.ts";

for (const profile of [BCD_METER, BINARY_METER]) {
  meterPortContract(`virtual meter, ${profile.id}`, () => {
    const clock = createHandClock();
    const meter = createVirtualMeter({ clock: clock.now, every: clock.every, profile });
    return {
      port: meter,
      bring(state, fareMinor) {
        meter.setFare(fareMinor);
        meter.setState(state);
      },
      settle: () => clock.pass(300),
      async unplug() {
        meter.unplug();
        await clock.pass(3500);
      },
      async plug() {
        meter.plug();
        await clock.pass(1500);
      },
    };
  });
}

function running(profile = BINARY_METER) {
  const clock = createHandClock();
  const meter = createVirtualMeter({ clock: clock.now, every: clock.every, profile });
  const events: MeterEvent[] = [];
  meter.start((event) => events.push(event));
  const readings = () => events.flatMap((event) => (event.kind === "reading" ? [event.reading] : []));
  return { clock, meter, events, readings };
}

describe("virtual meter", () => {
  it("goes by the keys of a real meter: vacant, hired, paying, vacant", async () => {
    const { clock, meter, readings } = running();
    meter.setState("paying");
    await clock.pass(100);
    meter.setState("vacant");
    await clock.pass(100);
    expect(readings().map((reading) => reading.state)).toEqual(["hired", "paying", "vacant"]);
  });

  it("lets the fare grow while hired and stops at the amount asked for", async () => {
    const { clock, meter, readings } = running();
    const done = meter.runTo(1070, 2000, 3500);
    await clock.pass(1000);
    expect(meter.fareMinor).toBeGreaterThan(400);
    expect(meter.fareMinor).toBeLessThan(700);
    await clock.pass(1000);
    await done;
    const fares = readings().flatMap((reading) => reading.components.map((component) => Number(component.amountMinor)));
    expect(fares).toEqual(fares.toSorted((a, b) => a - b));
    expect(readings().at(-1)).toEqual({
      state: "hired",
      components: [{ kind: "meter", amountMinor: 1070 }],
      distanceM: 3500,
    });
  });

  it("ends the run when a key is pressed", async () => {
    const { clock, meter } = running();
    const done = meter.runTo(5000, 10_000);
    await clock.pass(1000);
    meter.setState("paying");
    await done;
    const fare = meter.fareMinor;
    await clock.pass(10_000);
    expect(meter.fareMinor).toBe(fare);
    expect(fare).toBeLessThan(1000);
  });

  it("jumps to the fare when the run takes no time", async () => {
    const { meter } = running();
    await meter.runTo(820, 0);
    expect(meter).toMatchObject({ state: "hired", fareMinor: 820 });
  });

  it("shows extras beside the fare and forgets them with the ride", async () => {
    const { clock, meter, readings } = running();
    meter.setFare(1190);
    meter.setState("hired");
    meter.setComponent("company-discount", 120);
    meter.setComponent("pickup", 300);
    meter.setState("paying");
    await clock.pass(100);
    expect(readings().at(-1)?.components).toEqual([
      { kind: "meter", amountMinor: 1190 },
      { kind: "pickup", amountMinor: 300 },
      { kind: "company-discount", amountMinor: 120 },
    ]);
    meter.setState("vacant");
    await clock.pass(100);
    expect(readings().at(-1)?.components).toEqual([]);
  });

  for (const profile of [BCD_METER, BINARY_METER]) {
    for (const fault of ["drop", "repeat", "garble"] as const) {
      it(`gets every state through although a frame is hit by ${fault} (${profile.id})`, async () => {
        const { clock, meter, readings } = running(profile);
        await clock.pass(100);
        meter.setFare(1070);
        meter.disturb(fault);
        meter.setState("hired");
        await clock.pass(500);
        meter.disturb(fault);
        meter.setState("paying");
        await clock.pass(500);
        const told = readings().map((reading) => reading.state);
        expect(told).toEqual(["vacant", "hired", "paying"]);
        expect(readings().at(-1)?.components).toEqual([{ kind: "meter", amountMinor: 1070 }]);
      });
    }
  }

  it("is silent when switched off, and the terminal notices", async () => {
    const { clock, meter, events } = running();
    await clock.pass(100);
    meter.setState("off");
    await clock.pass(4000);
    expect(events.at(-1)).toMatchObject({ kind: "disconnected" });
    meter.setState("vacant");
    await clock.pass(100);
    expect(events.at(-1)).toMatchObject({ kind: "reading", reading: { state: "vacant" } });
  });
});
