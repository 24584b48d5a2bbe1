import { asId } from "#domain/ids.ts";
import { parseDay } from "#domain/time/local.ts";
import type { MutationResolvers } from "#server/generated/graphql.ts";
import { whisper } from "#server/graphql/enums.ts";
import { bytesOf } from "#server/graphql/scalars.ts";
import type { CardRegistry } from "./card-registry.ts";
import type { FleetRegistry } from "./fleet-registry.ts";

type RegistryMutations = Pick<
  MutationResolvers,
  "enrolFleet" | "setTerminalState" | "registerEntitlements" | "linkCards" | "setCredentialState"
>;

/** The scalar has checked that it is a real day. */
const dayOf = (text: string): number => parseDay(text) as number;

/** Resolvers that change the registry. */
export function registryResolvers(fleet: FleetRegistry, cards: CardRegistry): { mutation: RegistryMutations } {
  const mutation: RegistryMutations = {
    enrolFleet: (_parent, { input }, { viewer }) =>
      fleet.enrol(viewer, {
        municipality: asId(input.municipality),
        companies: input.companies ?? [],
        vehicles: input.vehicles ?? [],
        terminals: (input.terminals ?? []).map((terminal) => ({
          id: terminal.id,
          kind: whisper(terminal.kind),
          vehicleId: terminal.vehicleId ?? null,
          publicKey: bytesOf(terminal.publicKey),
        })),
      }),
    setTerminalState: (_parent, { municipality, terminalId, state }, { viewer }) =>
      fleet.setTerminalState(viewer, { municipality: asId(municipality), terminalId, state: whisper(state) }),
    registerEntitlements: (_parent, { municipality, input }, { viewer }) =>
      cards.registerEntitlements(
        viewer,
        asId(municipality),
        input.map((entry) => ({
          id: entry.id,
          credentialId: entry.credentialId,
          validFromDay: dayOf(entry.validFrom),
          validToDay: dayOf(entry.validTo),
        })),
      ),
    linkCards: (_parent, { municipality, input }, { viewer }) =>
      cards.linkCards(
        viewer,
        asId(municipality),
        input.map((entry) => ({
          entitlementId: entry.entitlementId,
          credentialId: entry.credentialId,
          certificate: bytesOf(entry.certificate),
        })),
      ),
    setCredentialState: (_parent, { municipality, credentialId, state }, { viewer }) =>
      cards.setCredentialState(viewer, { municipality: asId(municipality), credentialId, state: whisper(state) }),
  };
  return { mutation };
}
