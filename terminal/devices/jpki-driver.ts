import { err, ok } from "#domain/result.ts";
import { readUserAuthenticationCertificate } from "#protocol/jpki/read-certificate.ts";
import type { CardDriver } from "./card-driver.ts";

/**
 * My Number Card: the user-authentication certificate without a PIN. That identifies the card and proves nothing more:
 * the certificate can be copied (assurance `identified`).
 */
export const jpkiDriver: CardDriver = {
  id: "jpki",
  async read(channel) {
    const certificate = await readUserAuthenticationCertificate(channel);
    if (certificate.ok) return ok({ kind: "jpki-certificate", body: certificate.value, assurance: "identified" });
    const { code, message } = certificate.error;
    return err({ code: code === "NOT_MY_NUMBER_CARD" ? "UNKNOWN_CARD" : code, message });
  },
};
