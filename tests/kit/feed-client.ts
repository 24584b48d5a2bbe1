import { setTimeout as delay } from "node:timers/promises";
import { feedChanges, joinReply } from "#protocol/stream/events.ts";
import { type FeedEvent, type FeedModel, type FeedState, newFeed, stepFeed } from "#web/live/feed-state.ts";
import type { LiveClient } from "./test-server.ts";

/** A screen's feed over a real socket, by the state machine of the real screens. */
export interface FeedClient<View> {
  state(): FeedState<View>;
  /** Cuts the connection without a word; socket.io connects again by itself. */
  cut(): void;
  /** From now on each message of changes is lost when this says so. */
  loseWhen(isLost: () => boolean): void;
  /** Every message of changes that came, as text. */
  received(): string;
}

/** Follows a feed over a socket. */
export function followOver<View>(
  socket: LiveClient,
  model: FeedModel<View>,
  wanted: { readonly municipality: string; readonly companyId?: string },
): FeedClient<View> {
  let state = newFeed<View>();
  let isLost = (): boolean => false;
  const texts: string[] = [];
  const send = (event: FeedEvent): void => {
    const step = stepFeed(model, state, event);
    state = step.state;
    if (!step.join) return;
    const request = { feed: model.feed, companyId: null, ...wanted, cursor: step.join.cursor };
    socket.emit("join", request, (answer) => {
      const reply = joinReply.parse(answer);
      texts.push(JSON.stringify(reply));
      if (!reply.ok && reply.code === "BUSY") {
        void delay(200).then(() => send({ kind: "connected" }));
      } else send({ kind: "joined", reply });
    });
  };
  socket.on("connect", () => send({ kind: "connected" }));
  socket.on("disconnect", () => send({ kind: "disconnected" }));
  socket.on("rejoin", (feed) => {
    if (feed === model.feed) send({ kind: "rejoin" });
  });
  socket.on("feed", (message) => {
    texts.push(JSON.stringify(message));
    if (!isLost()) send({ kind: "changes", changes: feedChanges.parse(message) });
  });
  return {
    state: () => state,
    cut: () => void socket.io.engine.close(),
    loseWhen(rule) {
      isLost = rule;
    },
    received: () => texts.join("\n"),
  };
}
