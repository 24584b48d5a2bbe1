import { defineConfig } from "vitest/config";

/** `unit` is pure and fast (part of `npm run check`); `stack` needs databases, sockets, PC/SC or a browser; `long` takes minutes. */
export default defineConfig({
  test: {
    // The rules and the codecs are tested to the last branch: `npm run check` fails below.
    coverage: {
      provider: "v8",
      include: ["domain/**/*.ts", "protocol/**/*.ts"],
      reporter: [["text", { skipFull: true }]],
      reportsDirectory: "node_modules/.coverage",
      thresholds: { branches: 100 },
    },
    projects: [
      {
        test: {
          name: "unit",
          include: ["{domain,protocol,server,terminal,ui,web,simulators,tests}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.stack.test.ts", "**/*.long.test.ts", "tests/e2e/**", "**/node_modules/**"],
          // Some make RSA keys, whose primes take as long as they take; on a busy machine that is many seconds.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "stack",
          include: ["**/*.stack.test.ts", "tests/e2e/**/*.test.ts"],
          exclude: ["**/node_modules/**"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "long",
          include: ["tests/long/**/*.long.test.ts"],
          fileParallelism: false,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
