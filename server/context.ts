import type { Viewer } from "#domain/identity/viewer.ts";

/** What every resolver gets: who asks, and the id of the request for logs. Services are closed over, not carried here. */
export interface RequestContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** True when the request came over loopback. */
  readonly loopback: boolean;
  /** Sets or clears the session cookie of the answer. */
  setSession(token: string | null): void;
}
