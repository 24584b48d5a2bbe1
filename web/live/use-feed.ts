import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { FreeTaxis } from "#protocol/stream/events.ts";
import { type FeedModel, type FeedState, newFeed } from "./feed-state.ts";
import { type FeedSource, followFeed, type LiveFeed } from "./live-client.ts";

/** A feed and its only act. */
export interface FollowedFeed<View> {
  readonly state: FeedState<View>;
  /** Asks for a new snapshot. */
  readonly expire: () => void;
}

/**
 * Follows a feed while the component is on the screen.
 * @param source null = not yet known who asks or for what: nothing is connected
 */
export function useFeed<View>(
  model: FeedModel<View>,
  source: FeedSource | null,
  onTaxis?: (message: FreeTaxis) => void,
): FollowedFeed<View> {
  const store = useMemo(() => createSlot<View>(), []);
  const taxis = useRef(onTaxis);
  taxis.current = onTaxis;
  const { municipality, companyId, token } = source ?? { municipality: null, companyId: null, token: null };
  const ready = source !== null;
  useEffect(() => {
    if (!ready || municipality === null) return;
    const feed = followFeed(model, { municipality, companyId, token }, (message) => taxis.current?.(message));
    store.put(feed);
    return () => {
      store.put(null);
      feed.close();
    };
  }, [model, ready, municipality, companyId, token, store]);
  const state = useSyncExternalStore(store.subscribe, store.state);
  return { state, expire: store.expire };
}

/** Holds whichever feed is followed now, so that a change of viewer does not change the subscription. */
function createSlot<View>() {
  const empty = newFeed<View>();
  const listeners = new Set<() => void>();
  let feed: LiveFeed<View> | null = null;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    put(next: LiveFeed<View> | null): void {
      feed = next;
      next?.subscribe(tell);
      tell();
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: (): FeedState<View> => feed?.state() ?? empty,
    expire: (): void => feed?.expire(),
  };
}
