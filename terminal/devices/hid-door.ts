export const HID_ERRORS = ["MODULE_MISSING", "DEVICE_MISSING", "BROKEN"] as const;
export type HidErrorCode = (typeof HID_ERRORS)[number];

/** A HID device that cannot be used. The message says why, for the driver's help desk. */
export class HidError extends Error {
  override readonly name = "HidError";
  readonly code: HidErrorCode;
  constructor(code: HidErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** An open HID device: whole reports in both directions, without report number. */
export interface HidDevice {
  write(report: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens a device. `onGone` is called once, when it was pulled or broke; then the device is closed already. */
export type OpenHid = (
  usb: { readonly vendorId: number; readonly productId: number },
  events: { readonly onReport: (report: Uint8Array) => void; readonly onGone: (reason: string) => void },
) => Promise<HidDevice>;

/**
 * HID through node-hid, an optional dependency that is loaded here and nowhere else.
 * @throws HidError
 */
export const openNodeHid: OpenHid = async ({ vendorId, productId }, { onReport, onGone }) => {
  const { HIDAsync, devicesAsync } = await loadNodeHid();
  const [found] = await devicesAsync(vendorId, productId);
  if (!found?.path) throw new HidError("DEVICE_MISSING", `no meter ${usbName(vendorId, productId)} is connected`);
  const device = await HIDAsync.open(found.path).catch((cause: unknown) => {
    throw new HidError("BROKEN", `meter ${usbName(vendorId, productId)} cannot be opened`, cause);
  });
  let gone = false;
  device.on("data", (report: Uint8Array) => onReport(Uint8Array.from(report)));
  device.on("error", (cause: Error) => {
    if (gone) return;
    gone = true;
    device.close().catch(() => undefined);
    onGone(cause.message);
  });
  return {
    async write(report) {
      try {
        await device.write([0, ...report]);
      } catch (cause) {
        throw new HidError("BROKEN", "the meter takes no report", cause);
      }
    },
    async close() {
      gone = true;
      await device.close();
    },
  };
};

async function loadNodeHid(): Promise<typeof import("node-hid")> {
  try {
    return await import("node-hid");
  } catch (cause) {
    throw new HidError("MODULE_MISSING", "the package node-hid is not installed or does not run here", cause);
  }
}

function usbName(vendorId: number, productId: number): string {
  return [vendorId, productId].map((id) => id.toString(16).padStart(4, "0")).join(":");
}
