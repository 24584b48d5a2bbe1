import { z } from "zod";
import type { City } from "#domain/city/city.ts";
import { parseCityDocumentText } from "#protocol/documents/city-document.ts";
import type { Journal } from "../journal/journal.ts";
import type { TerminalPack, Uplink } from "./uplink.ts";
import { UplinkError } from "./uplink-error.ts";

const SETTING = "pack";

const cached = z.object({
  terminalId: z.string(),
  vehicleId: z.string().nullable(),
  vehicleLabel: z.string().nullable(),
  companyId: z.string().nullable(),
  municipality: z.string(),
  sealingKey: z.object({ keyId: z.string(), spki: z.string() }),
  cityDocument: z.string(),
  serverTime: z.int(),
});

/** A pack with its city rebuilt. */
export interface OpenedPack {
  readonly pack: TerminalPack;
  readonly city: City;
  /** Server's clock minus this machine's, ms; 0 when the pack came from the disk. */
  readonly skewMs: number;
}

/**
 * The terminal pack: from the server when it answers, otherwise the last one kept on disk.
 * @returns null when there is neither
 * @throws UplinkError permanent when the server refuses this terminal; DocumentError when the city cannot be read
 */
export async function obtainPack(uplink: Uplink, journal: Journal): Promise<OpenedPack | null> {
  try {
    const pack = await uplink.terminalPack();
    const city = parseCityDocumentText(pack.cityDocument);
    // Versions never go back: a pack older than the last server time seen is not kept.
    if (pack.serverTime >= (kept(journal)?.serverTime ?? 0)) journal.set(SETTING, JSON.stringify(pack));
    return { pack, city, skewMs: uplink.skewMs };
  } catch (error) {
    if (!(error instanceof UplinkError) || error.kind === "permanent") throw error;
    return keptPack(journal);
  }
}

/** The last pack kept on disk, or null: a terminal the server refuses still has to hand in what it confirmed before. */
export function keptPack(journal: Journal): OpenedPack | null {
  const pack = kept(journal);
  return pack ? { pack, city: parseCityDocumentText(pack.cityDocument), skewMs: 0 } : null;
}

function kept(journal: Journal): TerminalPack | null {
  const text = journal.setting(SETTING);
  if (text === null) return null;
  const parsed = cached.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
