import type { Namespace, Server, Socket } from "socket.io";
import { z } from "zod";
import { may, type Viewer } from "#domain/identity/viewer.ts";
import { asId, type CompanyId, type MunicipalityId } from "#domain/ids.ts";
import {
  type ClientToServerEvents,
  FEEDS,
  type Feed,
  type FreeTaxis,
  type JoinReply,
  joinRequest,
  LIVE_NAMESPACE,
  type ServerToClientEvents,
  type VehiclePosition,
  vehiclePosition,
} from "#protocol/stream/events.ts";
import type { Authenticated, Authenticator } from "#server/identity/authenticator.ts";
import type { Log } from "#server/log.ts";
import { AccessError } from "#server/rides/ride-service.ts";
import type { FeedRoom, Member } from "./feed-room.ts";
import type { FeedKey } from "./feed-source.ts";

interface SocketData {
  who: Authenticated;
  /** What this socket joined, by feed. */
  joined: Map<Feed, { readonly room: FeedRoom; readonly member: Member; readonly key: FeedKey }>;
  /** Feeds it was too slow for. */
  behind: Set<Feed>;
  /** Joins and position batches it may still send in this second. */
  allowance: number;
}

type Live = Namespace<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>;

/** What the gateway is made of. */
export interface GatewayDeps {
  readonly authenticator: Authenticator;
  readonly municipalities: { has(id: MunicipalityId): boolean };
  /** The room of a feed; opened when it is first asked for. */
  roomOf(key: FeedKey): FeedRoom;
  /** Takes positions of a terminal. */
  takePositions(viewer: Extract<Viewer, { kind: "terminal" }>, batch: readonly VehiclePosition[]): void;
  /** Free taxis of a municipality as planners may see them; null when nothing certain can be said now. */
  freeTaxis(municipality: MunicipalityId): FreeTaxis | null;
  readonly log: Log;
}

/** The live stream on the sockets. */
export interface Gateway {
  /** How many sockets are connected. */
  sockets(): number;
  /** Stops its timers and disconnects everybody. */
  close(): void;
}

const SECOND_MS = 1_000;
/** Staff sessions are looked up again this often; terminals every second. */
const STAFF_CHECK_EVERY = 10;
const MAX_PER_SECOND = 20;
/** Packets waiting for a socket's transport before it counts as slow. */
const MAX_WAITING = 16;
const positionBatch = z.array(vehiclePosition).max(500);
const feedName = z.enum(FEEDS);

/** Puts the live stream on `/live`. Everything that arrives is parsed; what cannot be is answered or ignored, never thrown. */
export function attachGateway(io: Server, deps: GatewayDeps): Gateway {
  // The server carries several namespaces; what goes over this one is typed here.
  const live = io.of(LIVE_NAMESPACE) as unknown as Live;
  live.use((socket, next) => {
    const { address, headers, auth } = socket.handshake;
    deps.authenticator
      .authenticate({ address, headers, auth })
      .then((who) => {
        const { kind } = who.viewer;
        if (kind === "anonymous") throw new AccessError("UNAUTHENTICATED", "Sign in first.");
        if (kind === "stopped-terminal") throw new AccessError("FORBIDDEN", "The terminal is stopped.");
        Object.assign(socket.data, { who, joined: new Map(), behind: new Set(), allowance: MAX_PER_SECOND });
        next();
      })
      .catch((error: unknown) => next(refusalOf(error, deps.log)));
  });
  live.on("connection", (socket) => serveSocket(socket, deps));
  let seconds = 0;
  const ticking = setInterval(() => {
    seconds += 1;
    everySecond(live, deps, seconds % STAFF_CHECK_EVERY === 0);
  }, SECOND_MS);
  return {
    sockets: () => live.sockets.size,
    close() {
      clearInterval(ticking);
      live.disconnectSockets(true);
    },
  };
}

function refusalOf(error: unknown, log: Log): Error {
  const known = error instanceof AccessError;
  if (!known) log.error({ err: error }, "a socket could not be authenticated");
  return Object.assign(new Error(known ? error.message : "Something went wrong."), {
    data: { code: known ? error.code : "INTERNAL_SERVER_ERROR" },
  });
}

function serveSocket(socket: LiveSocket, deps: GatewayDeps): void {
  const { data } = socket;
  socket.on("join", (request, reply) => {
    if (typeof reply !== "function") return;
    join(socket, request, deps).then(reply, (error: unknown) => {
      deps.log.error({ err: error }, "a feed could not be joined");
      reply({ ok: false, code: "BUSY" });
    });
  });
  socket.on("leave", (feed) => {
    const parsed = feedName.safeParse(feed);
    if (parsed.success) leave(data, parsed.data);
  });
  socket.on("positions", (batch) => {
    const { viewer } = data.who;
    if (viewer.kind !== "terminal" || !spend(data)) return;
    const parsed = positionBatch.safeParse(batch);
    if (parsed.success) deps.takePositions(viewer, parsed.data);
  });
  // Once what waited has gone out, a feed that was dropped can be joined again.
  socket.conn.on("drain", () => {
    for (const feed of data.behind) socket.emit("rejoin", feed);
    data.behind.clear();
  });
  socket.on("disconnect", () => {
    for (const feed of [...data.joined.keys()]) leave(data, feed);
  });
}

function spend(data: SocketData): boolean {
  data.allowance -= 1;
  return data.allowance >= 0;
}

function leave(data: SocketData, feed: Feed): void {
  const joined = data.joined.get(feed);
  joined?.room.leave(joined.member);
  data.joined.delete(feed);
  data.behind.delete(feed);
}

async function join(socket: LiveSocket, request: unknown, deps: GatewayDeps): Promise<JoinReply> {
  const { data } = socket;
  const parsed = joinRequest.safeParse(request);
  if (!parsed.success) return { ok: false, code: "BAD_REQUEST" };
  if (!spend(data) || isSlow(socket)) return { ok: false, code: "BUSY" };
  const { feed, cursor } = parsed.data;
  const municipality = asId<MunicipalityId>(parsed.data.municipality);
  const key = keyFor(data.who.viewer, { feed, municipality, companyId: parsed.data.companyId });
  if (!key) return { ok: false, code: "NOT_ALLOWED" };
  if (!deps.municipalities.has(municipality)) return { ok: false, code: "UNKNOWN_MUNICIPALITY" };
  leave(data, feed);
  const room = deps.roomOf(key);
  const member = memberOf(socket, feed);
  data.joined.set(feed, { room, member, key });
  const reply = await room.join(member, cursor);
  // It may have left, joined another room or gone while the answer was made.
  if (data.joined.get(feed)?.member !== member || !socket.connected) room.leave(member);
  else if (feed === "picture") sendTaxis(socket, municipality, deps);
  return reply;
}

/** The feed a viewer may have, or undefined. Company staff get their own company only, whatever they ask for. */
function keyFor(
  viewer: Viewer,
  wanted: { readonly feed: Feed; readonly municipality: MunicipalityId; readonly companyId: string | null },
): FeedKey | undefined {
  const { feed, municipality } = wanted;
  if (feed === "picture") {
    return may(viewer, "picture:read", municipality) ? { feed, municipality, companyId: null } : undefined;
  }
  if (feed === "ledger") {
    return may(viewer, "ledger:read", municipality) ? { feed, municipality, companyId: null } : undefined;
  }
  const companyId = companyFor(viewer, municipality, wanted.companyId);
  return companyId === undefined ? undefined : { feed, municipality, companyId };
}

/** The company whose rides a viewer may see: staff of a company their own, those who may read the ledger any they name. */
export function companyFor(viewer: Viewer, municipality: MunicipalityId, wanted: string | null): CompanyId | undefined {
  if (viewer.kind === "staff" && may(viewer, "ride:read-own-company", municipality) && viewer.companyId !== null) {
    return wanted === null || wanted === viewer.companyId ? viewer.companyId : undefined;
  }
  if (may(viewer, "ledger:read", municipality) && wanted !== null) return asId<CompanyId>(wanted);
  return undefined;
}

function isSlow(socket: LiveSocket): boolean {
  // engine.io has no public name for what waits for the transport.
  const { writeBuffer } = socket.conn as unknown as { readonly writeBuffer: readonly unknown[] };
  return writeBuffer.length > MAX_WAITING;
}

function memberOf(socket: LiveSocket, feed: Feed): Member {
  const { data } = socket;
  return {
    send(changes) {
      if (isSlow(socket)) {
        data.behind.add(feed);
        return false;
      }
      socket.emit("feed", changes);
      return true;
    },
    rejoin: () => void socket.emit("rejoin", feed),
  };
}

function sendTaxis(socket: LiveSocket, municipality: MunicipalityId, deps: GatewayDeps): void {
  const taxis = deps.freeTaxis(municipality);
  if (taxis && !isSlow(socket)) socket.emit("taxis", taxis);
}

/** Taxis to planners, a fresh allowance for everybody, and a look at whether everybody still is who they were. */
function everySecond(live: Live, deps: GatewayDeps, checkStaff: boolean): void {
  const taxis = new Map<MunicipalityId, FreeTaxis | null>();
  for (const socket of live.sockets.values()) {
    const { data } = socket;
    data.allowance = MAX_PER_SECOND;
    for (const { room } of data.joined.values()) room.touch();
    const picture = data.joined.get("picture")?.key.municipality;
    if (picture !== undefined) {
      if (!taxis.has(picture)) taxis.set(picture, deps.freeTaxis(picture));
      const message = taxis.get(picture);
      if (message && !isSlow(socket)) socket.emit("taxis", message);
    }
    if (checkStaff || data.who.viewer.kind === "terminal") {
      data.who.isStillValid().then(
        (isValid) => {
          if (!isValid) socket.disconnect(true);
        },
        (error: unknown) => deps.log.warn({ err: error }, "a socket's viewer could not be checked"),
      );
    }
  }
}
