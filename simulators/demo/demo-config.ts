import { z } from "zod";

/** A whole number within bounds; every way to miss it is told in the same words. */
function whole(least: number, most: number, otherwise: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error }).default(otherwise);
}

const environment = z.object({
  PORT: whole(1, 65_535, 4000),
  KIOSK_PORT: whole(1, 65_535, 4100),
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  CITIES_DIR: z.string().default("cities"),
  /** Rides of the seeded history; fewer make a faster first start. */
  DEMO_HISTORY_RIDES: whole(0, 2_000_000, 100_000),
  DEMO_SEED: whole(0, Number.MAX_SAFE_INTEGER, 1),
  /** Taxis of the live fleet; 0 switches it off. */
  DEMO_CABS: whole(0, 2_000, 80),
});

/** Settings of `npm start`. */
export type DemoConfig = z.infer<typeof environment>;

/** Reads the settings of the demo; an empty one counts as not given. On bad values returns one line per problem. */
export function readDemoConfig(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; config: DemoConfig } | { ok: false; problems: readonly string[] } {
  const parsed = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value)));
  if (parsed.success) {
    if (parsed.data.PORT === parsed.data.KIOSK_PORT) return { ok: false, problems: ["PORT and KIOSK_PORT are equal"] };
    return { ok: true, config: parsed.data };
  }
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`),
  };
}
