import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useMemo } from "react";
import type { ApiError } from "../api/graphql-client.ts";
import { type CityInfo, fetchSurroundings, type Surroundings } from "../api/queries.ts";
import { type CityFormat, cityFormat } from "./city-format.ts";
import { useLanguage } from "./language.tsx";

/** Key under which the browser's own session is remembered. */
export const SURROUNDINGS_KEY = ["surroundings"] as const;

const ClockContext = createContext<() => number>(Date.now);

/** Who is signed in with this browser's cookie, and the cities of the server. */
export function useSurroundings() {
  return useQuery<Surroundings, ApiError>({
    queryKey: SURROUNDINGS_KEY,
    queryFn: ({ signal }) => fetchSurroundings(null, signal),
    staleTime: 60_000,
  });
}

/** Gives the pages below the server's clock. */
export function ServerClock({ offsetMs, children }: { offsetMs: number; children: ReactNode }): ReactNode {
  const now = useMemo(() => () => Date.now() + offsetMs, [offsetMs]);
  return <ClockContext value={now}>{children}</ClockContext>;
}

/** The server's clock, epoch ms. */
export function useServerClock(): () => number {
  return use(ClockContext);
}

/** Formatting of a city in the chosen language. */
export function useCityFormat(city: CityInfo): CityFormat {
  const { language } = useLanguage();
  return useMemo(() => cityFormat(city, language), [city, language]);
}
