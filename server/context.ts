import type { Viewer } from "#domain/identity/viewer.ts";

/** What every resolver gets: who asks, and the id of the request for logs. Services are closed over, not carried here. */
export interface RequestContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** True when the request came over loopback. */
  readonly loopback: boolean;
  /** The client's address: the peer's, or what the trusted proxies say. For limits and the record, never for rights. */
  readonly address: string;
  /** The token of the caller's session, to end it; null for terminals and anonymous callers. */
  readonly sessionToken: string | null;
  /** Tells a caller that asked for it that its operations are queued: what it sends from now on is decided after them. */
  taken(): void;
  /** Sets or clears the session cookie of the answer. */
  setSession(token: string | null): void;
}
