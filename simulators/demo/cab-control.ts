import type { Namespace, Server as SocketServer } from "socket.io";
import {
  type ClientToDemoEvents,
  DEMO_NAMESPACE,
  type DemoCommand,
  type DemoState,
  type DemoToClientEvents,
  demoCommand,
} from "#protocol/demo/control.ts";

/** The control namespace of the simulated cab. */
export interface CabControl {
  /** Something changed: the pages are told soon. */
  changed(): void;
  stop(): void;
}

const TELL_WITHIN_MS = 60;
const TELL_EVERY_MS = 1_000;

/** Serves `/demo` on the kiosk's port: commands in, the state whenever it changed and once a second. */
export function serveCabControl(
  io: SocketServer,
  cab: { state(): DemoState; command(command: DemoCommand): Promise<{ ok: boolean; message: string | null }> },
): CabControl {
  const pages: Namespace<ClientToDemoEvents, DemoToClientEvents> = io.of(DEMO_NAMESPACE);
  let soon: NodeJS.Timeout | null = null;
  const tell = (): void => {
    soon = null;
    if (pages.sockets.size > 0) pages.emit("state", cab.state());
  };
  const changed = (): void => {
    soon ??= setTimeout(tell, TELL_WITHIN_MS);
  };
  pages.on("connection", (page) => {
    page.emit("state", cab.state());
    page.on("command", async (message, reply) => {
      const command = demoCommand.safeParse(message);
      const answer = command.success
        ? await cab.command(command.data)
        : { ok: false, message: "The command is not understood." };
      if (typeof reply === "function") reply(answer);
      changed();
    });
  });
  const timer = setInterval(changed, TELL_EVERY_MS);
  timer.unref();
  return {
    changed,
    stop() {
      clearInterval(timer);
      if (soon) clearTimeout(soon);
    },
  };
}
