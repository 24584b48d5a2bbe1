import { useQuery } from "@tanstack/react-query";
import { type Gazetteer, gazetteer } from "#protocol/documents/gazetteer.ts";
import { areaZones, type CityZone } from "./zones.ts";

/** What a map of a city is drawn from. */
export interface CityMapData {
  readonly gazetteer: Gazetteer;
  readonly zones: readonly CityZone[];
}

/** Gazetteer and counting zones of a city, fetched once. */
export function useCityMap(cityId: string) {
  return useQuery<CityMapData>({
    queryKey: ["city-map", cityId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const load = async (name: string): Promise<unknown> => {
        const response = await fetch(`/cities/${encodeURIComponent(cityId)}/${name}.json`, { signal });
        if (!response.ok) throw new Error(`${name} of ${cityId}: ${response.status}`);
        return response.json();
      };
      const [places, area] = await Promise.all([load("gazetteer"), load("area")]);
      return { gazetteer: gazetteer.parse(places), zones: areaZones.parse(area).zones };
    },
  });
}
