import type { Verifier } from "./verifier-port.ts";

const RELOAD_EVERY_MS = 1_000;

/**
 * A verifier that reads its authorities again when a card comes from one it does not know: authorities are renewed
 * while the server runs, and a demo's are made after its start. At most once a second.
 * @param make builds the verifier from the authorities as they are now
 * @param elapsedMs a monotonic clock
 */
export function createReloadingVerifier(make: () => Verifier, elapsedMs: () => number): Verifier {
  let current = make();
  let madeAt = elapsedMs();
  const reload = (): boolean => {
    if (elapsedMs() - madeAt < RELOAD_EVERY_MS) return false;
    current = make();
    madeAt = elapsedMs();
    return true;
  };
  return {
    sealingKey: current.sealingKey,
    async open(municipality, sealed, atMs) {
      const opened = await current.open(municipality, sealed, atMs);
      const isForeign = !opened.ok && opened.error.code === "UNTRUSTED_AUTHORITY";
      return isForeign && reload() ? current.open(municipality, sealed, atMs) : opened;
    },
    tokenOf(municipality, certificateDer) {
      const token = current.tokenOf(municipality, certificateDer);
      const isForeign = !token.ok && token.error.code === "UNTRUSTED_AUTHORITY";
      return isForeign && reload() ? current.tokenOf(municipality, certificateDer) : token;
    },
  };
}
