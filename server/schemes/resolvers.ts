import type { QueryResolvers, ResolversTypes } from "#server/generated/graphql.ts";
import { base64Of } from "#server/graphql/scalars.ts";
import type { Municipalities, ServedMunicipality } from "./municipalities.ts";

type MunicipalityShape = Awaited<ResolversTypes["Municipality"]>;

function shapeOf({ city, companies, sealingKey, receiptKeySpki }: ServedMunicipality): MunicipalityShape {
  return {
    id: city.id,
    name: city.name,
    currencyCode: city.currency.code,
    currencyMinorDigits: city.currency.minorDigits,
    zone: city.zone,
    locale: city.locale,
    telephone: city.telephone,
    officeHours: city.officeHours,
    cardName: city.cardName,
    schemeId: city.schemeId,
    verifierSealingKey: base64Of(sealingKey.publicKeySpki),
    verifierKeyId: sealingKey.keyId,
    receiptKey: base64Of(receiptKeySpki),
    companies,
  };
}

/** Resolvers of municipalities and terminal packs. */
export function schemeResolvers(municipalities: Municipalities) {
  const query: Pick<QueryResolvers, "municipalities" | "terminalPack"> = {
    municipalities: async (_parent, _args, { viewer }) => (await municipalities.list(viewer)).map(shapeOf),
    terminalPack: async (_parent, _args, { viewer }) => {
      const pack = await municipalities.terminalPack(viewer);
      return {
        municipality: shapeOf(pack.municipality),
        terminalId: pack.terminal.terminalId,
        vehicleId: pack.terminal.vehicleId,
        vehicleLabel: pack.vehicleLabel,
        companyId: pack.terminal.companyId,
        companyName: pack.companyName,
        cityDocument: pack.cityDocument,
        serverTime: pack.serverTimeMs,
      };
    },
  };
  return { query };
}
