import { asId } from "#domain/ids.ts";
import { parseDay } from "#domain/time/local.ts";
import type { MutationResolvers, QueryResolvers } from "#server/generated/graphql.ts";
import { shout, whisper } from "#server/graphql/enums.ts";
import { bytesOf } from "#server/graphql/scalars.ts";
import type { CardRegistry } from "./card-registry.ts";
import type { ChangeReader } from "./change-reader.ts";
import type { FleetRegistry } from "./fleet-registry.ts";

type RegistryMutations = Pick<
  MutationResolvers,
  "enrolFleet" | "setTerminalState" | "registerEntitlements" | "linkCards" | "unlinkCard" | "setCredentialState"
>;

const DEFAULT_CHANGES = 100;

/** The use-cases behind the resolvers. */
interface Registry {
  readonly fleet: FleetRegistry;
  readonly cards: CardRegistry;
  readonly changes: ChangeReader;
}

/** The scalar has checked that it is a real day. */
const dayOf = (text: string): number => parseDay(text) as number;

/** Resolvers that change the registry, and read what was changed. */
export function registryResolvers({ fleet, cards, changes }: Registry) {
  const query: Pick<QueryResolvers, "registryChanges"> = {
    registryChanges: async (_parent, { municipality, first, before, subjectId }, { viewer }) => {
      const page = { first: first ?? DEFAULT_CHANGES, before: before ?? null, subjectId: subjectId ?? null };
      const lines = await changes.read(viewer, asId(municipality), page);
      return lines.map(({ subjects, atMs, kind, ...line }) => ({
        ...line,
        at: atMs,
        kind: shout(kind),
        subjects: subjects.map(({ subjectId, before, after }) => ({
          id: subjectId,
          before: before && JSON.stringify(before),
          after: after && JSON.stringify(after),
        })),
      }));
    },
  };
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
          validUntilMs: terminal.validUntil ?? null,
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
    unlinkCard: (_parent, { input }, { viewer }) =>
      cards.unlinkCard(viewer, { ...input, municipality: asId(input.municipality) }),
    setCredentialState: (_parent, { municipality, credentialId, state }, { viewer }) =>
      cards.setCredentialState(viewer, { municipality: asId(municipality), credentialId, state: whisper(state) }),
  };
  return { query, mutation };
}
