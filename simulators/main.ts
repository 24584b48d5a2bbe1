import { CARD_COMMAND_SUMMARY, runCardCommand } from "./card/command.ts";

/** The simulators that can be run by hand: `npm run sim -- NAME …`. */
const COMMANDS: ReadonlyMap<
  string,
  { readonly summary: string; readonly run: (argv: readonly string[]) => Promise<number> }
> = new Map([["card", { summary: CARD_COMMAND_SUMMARY, run: runCardCommand }]]);

function help(): string {
  const lines = [...COMMANDS.values()].map(({ summary }) => `  npm run sim -- ${summary}`);
  return ["Simulators; each knows --help:", ...lines, ""].join("\n");
}

async function main([name = "--help", ...rest]: readonly string[]): Promise<number> {
  const command = COMMANDS.get(name);
  if (command !== undefined) return command.run(rest);
  process.stdout.write(help());
  if (name === "--help" || name === "-h" || name === "help") return 0;
  process.stderr.write(`\nthere is no simulator "${name}"\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
