import { useQuery } from "@tanstack/react-query";
import { type DemoAddresses, demoAddresses } from "#protocol/demo/control.ts";
import type { CityInfo } from "./queries.ts";

/** Where the demo's parts listen; `null` outside demo mode. */
export function useDemoAddresses() {
  return useQuery<DemoAddresses | null>({
    queryKey: ["demo-addresses"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const response = await fetch("/demo.json", { signal });
      if (!response.ok) return null;
      const parsed = demoAddresses.safeParse(await response.json());
      return parsed.success ? parsed.data : null;
    },
  });
}

/** The company whose accountant the demo shows in a city: the demo cab's own, else the city's first. */
export function demoCompany(city: CityInfo, demo: DemoAddresses | null): string | null {
  if (demo?.municipality === city.id) return demo.companyId;
  return city.companies[0]?.id ?? null;
}
