import { useSyncExternalStore } from "react";

/** Pages of the web app. */
export const PAGES = ["/", "/sign-in", "/planner", "/company", "/city"] as const;
export type PagePath = (typeof PAGES)[number];

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

/** The path of the page on the screen. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname.replace(/(.)\/+$/, "$1"));
}

/** Goes to a page of this app without loading it anew. */
export function goTo(path: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", path);
  else history.replaceState(null, "", path);
  for (const listener of listeners) listener();
  scrollTo(0, 0);
}

/** The page a viewer of these roles works on; null when there is none yet. */
export function pageOfRoles(roles: readonly string[]): PagePath | null {
  if (roles.includes("PLANNER")) return "/planner";
  if (roles.includes("COMPANY_ACCOUNTANT")) return "/company";
  if (roles.includes("CITY_OFFICER") || roles.includes("AUDITOR")) return "/city";
  return null;
}

/** A path given in an address, held to this app's own pages: nothing may lead elsewhere after sign-in. */
export function ownPath(path: string | null): PagePath | null {
  return PAGES.find((page) => page === path) ?? null;
}
