import { z } from "zod";

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const environment = z.object({
  PORT: port(4000),
  KIOSK_PORT: port(4100),
  DATA_DIR: z.string().min(1).default(".data"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  CITIES_DIR: z.string().min(1).default("cities"),
  /** Rides of the seeded history; fewer make a faster first start. */
  DEMO_HISTORY_RIDES: z.coerce.number().int().min(0).max(2_000_000).default(100_000),
  DEMO_SEED: z.coerce.number().int().min(0).default(1),
  /** Taxis of the live fleet; 0 switches it off. */
  DEMO_CABS: z.coerce.number().int().min(0).max(2_000).default(80),
});

/** Settings of `npm start`. */
export type DemoConfig = z.infer<typeof environment>;

/** Reads the settings of the demo; on bad values returns one line per problem. */
export function readDemoConfig(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; config: DemoConfig } | { ok: false; problems: readonly string[] } {
  const parsed = environment.safeParse(env);
  if (parsed.success) {
    if (parsed.data.PORT === parsed.data.KIOSK_PORT) return { ok: false, problems: ["PORT and KIOSK_PORT are equal"] };
    return { ok: true, config: parsed.data };
  }
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  };
}
