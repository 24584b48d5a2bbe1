import { createHash } from "node:crypto";
import type { CompanyEntry, TerminalEntry, VehicleEntry } from "./fleet-registry.ts";
import { type Recorded, type RegistryChange, saysTheSame } from "./registry-change.ts";

/** What the record says of a company. */
export function ofCompany({ name }: CompanyEntry): Recorded {
  return { name };
}

/** What the record says of a vehicle. */
export function ofVehicle({ companyId, label }: VehicleEntry): Recorded {
  return { companyId, label };
}

/** What the record says of a terminal: of its key the SHA-256, so that a change of key is seen. */
export function ofTerminal({ kind, vehicleId, publicKey, validUntilMs }: TerminalEntry): Recorded {
  const keySha256 = createHash("sha256").update(publicKey).digest("hex");
  return { kind, vehicleId, keySha256, validUntilMs };
}

/** Those of `entries` that are new or differ from what is stored, and what the record says of them. */
export function differences<Entry extends { readonly id: string }>(
  subject: "company" | "vehicle" | "terminal",
  entries: readonly Entry[],
  { stored, recordOf }: { readonly stored: ReadonlyMap<string, Entry>; recordOf(entry: Entry): Recorded },
): { readonly written: readonly Entry[]; readonly changes: readonly RegistryChange[] } {
  const written: Entry[] = [];
  const changes: RegistryChange[] = [];
  for (const entry of entries) {
    const was = stored.get(entry.id);
    const before = was ? recordOf(was) : null;
    const after = recordOf(entry);
    if (saysTheSame(before, after)) continue;
    written.push(entry);
    changes.push({ kind: `${subject}-${before ? "changed" : "enrolled"}`, subjectId: entry.id, before, after });
  }
  return { written, changes };
}
