import type { MeterProfile } from "#protocol/meter/meter-profile.ts";
import { type Every, everyRealTime } from "./every.ts";
import { type HidDevice, type OpenHid, openNodeHid } from "./hid-door.ts";
import type { MeterEvent, MeterPort } from "./meter.ts";
import { type MeterLine, openMeterLine } from "./meter-line.ts";

/** How often a missing meter is looked for. */
export const RECONNECT_MS = 2000;

/** A taximeter over USB HID. A meter that is pulled, or was never there, is looked for again until `close`. */
export function createHidMeter(options: {
  readonly profile: MeterProfile;
  readonly clock: () => number;
  readonly every?: Every;
  readonly open?: OpenHid;
}): MeterPort {
  const { profile, clock, every = everyRealTime, open = openNodeHid } = options;
  let listener: ((event: MeterEvent) => void) | null = null;
  let device: HidDevice | null = null;
  let line: MeterLine | null = null;
  let opening: Promise<void> | null = null;
  let stopLooking: (() => void) | null = null;
  let toldReason: string | null = null;

  const gone = (reason: string) => {
    line?.stop();
    line = null;
    device = null;
    if (toldReason !== reason) listener?.({ kind: "disconnected", reason });
    toldReason = reason;
  };
  const connect = async () => {
    try {
      const opened = await open(profile.usb, { onReport: (report) => line?.receive(report), onGone: gone });
      if (!listener) return await opened.close();
      device = opened;
      line = openMeterLine({ profile, clock, every, send, listener: tell });
    } catch (error) {
      gone(error instanceof Error ? error.message : String(error));
    }
  };
  const look = () => {
    if (device || opening) return;
    opening = connect().finally(() => {
      opening = null;
    });
  };
  function send(frame: Uint8Array): void {
    const report = new Uint8Array(Math.ceil(frame.length / profile.usb.reportBytes) * profile.usb.reportBytes);
    report.set(frame);
    for (let at = 0; at < report.length; at += profile.usb.reportBytes) {
      device?.write(report.subarray(at, at + profile.usb.reportBytes)).catch((error: Error) => gone(error.message));
    }
  }
  function tell(event: Parameters<Parameters<typeof openMeterLine>[0]["listener"]>[0]): void {
    if (event.kind === "found") toldReason = null;
    if (event.kind === "found") listener?.({ kind: "connected", name: `USB meter (${profile.id})` });
    else if (event.kind === "reading") listener?.(event);
    else listener?.({ kind: "disconnected", reason: "the meter does not answer" });
  }
  return {
    technology: "hid",
    start(next) {
      listener = next;
      stopLooking = every(RECONNECT_MS, look);
      look();
    },
    async close() {
      listener = null;
      stopLooking?.();
      line?.stop();
      line = null;
      await opening;
      await device?.close();
      device = null;
    },
  };
}
