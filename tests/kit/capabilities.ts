import { existsSync, readdirSync } from "node:fs";
import { missingForPcscTests } from "./pcsc.ts";

/** Something of the machine that some tests drive for real. The key is part of those tests' file names. */
export interface Capability {
  readonly key: "pcsc" | "postgres" | "browser";
  readonly what: string;
  readonly present: boolean;
  /** The command that would enable it on Debian, as root. */
  readonly enable: string;
}

const anyOf = (paths: readonly string[]): boolean => paths.some((path) => existsSync(path));

function hasPostgres(): boolean {
  const root = "/usr/lib/postgresql";
  return existsSync(root) && readdirSync(root).some((version) => existsSync(`${root}/${version}/bin/initdb`));
}

/** What this machine has of the things the tests drive for real. */
export function findCapabilities(): readonly Capability[] {
  const isRoot = process.getuid?.() === 0;
  return [
    {
      key: "pcsc",
      what: "PC/SC daemon with a virtual reader, OpenSC and the PC/SC binding (tests start pcscd as root)",
      present:
        isRoot && missingForPcscTests().length === 0 && existsSync("node_modules/pcsclite/build/Release/pcsclite.node"),
      enable: "apt-get install pcscd libpcsclite-dev vsmartcard-vpcd opensc && npm ci",
    },
    {
      key: "postgres",
      what: "PostgreSQL server programs",
      present: hasPostgres(),
      enable: "apt-get install postgresql",
    },
    {
      key: "browser",
      what: "Chromium",
      present: anyOf(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]),
      enable: "apt-get install chromium fonts-noto-cjk",
    },
  ];
}
