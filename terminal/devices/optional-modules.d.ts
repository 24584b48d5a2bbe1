/*
 * What is used of the two optional native packages. Declared here, so that the types hold on machines where they could
 * not be installed.
 */

declare module "node-hid" {
  export function devicesAsync(vendorId: number, productId: number): Promise<{ readonly path?: string | undefined }[]>;
  export class HIDAsync {
    static open(path: string): Promise<HIDAsync>;
    on(event: "data", listener: (report: Uint8Array) => void): void;
    on(event: "error", listener: (cause: Error) => void): void;
    write(report: number[]): Promise<number>;
    close(): Promise<void>;
  }
}

// Its own types say less than the binding does: pcsc-worker.ts describes what it uses.
declare module "pcsclite";
