import { describe, expect, it } from "vitest";
import { readArguments, sharedSettings, UsageError, wholeNumber } from "./command-line.ts";

const own = { rides: { type: "string" } } as const;

describe("the simulators' command line", () => {
  it("takes the shared options, the command's own, and the environment behind them", () => {
    const values = readArguments(["--municipality", "town", "--rides", "12", "--seed", "7"], own);
    expect(wholeNumber(values, "rides", { least: 1, otherwise: 5 })).toBe(12);
    const settings = sharedSettings(values, {
      SERVER_URL: "http://localhost:1",
      DATA_DIR: "data",
      CLOCK_OFFSET_MS: "3600000",
      NOTTE_LOGIN: "clerk",
      NOTTE_PASSWORD: "secret",
    });
    expect(settings).toMatchObject({
      municipality: "town",
      seed: 7,
      serverUrl: "http://localhost:1",
      citiesDirectory: "cities",
      testCaDirectory: "data/test-ca",
      login: { name: "clerk", password: "secret" },
    });
    expect(settings.now() - Date.now()).toBeGreaterThan(3_500_000);
    expect(sharedSettings(readArguments(["--municipality", "town", "--server", "http://x"], own), {})).toMatchObject({
      seed: 1,
      serverUrl: "http://x",
    });
  });

  it("takes the city the sample names, each command its own", () => {
    const values = readArguments([], own);
    expect(sharedSettings(values, {}).municipality).not.toBe(
      sharedSettings(values, {}, "tripsMunicipality").municipality,
    );
  });

  it.each([
    [["--no-such"], /no-such/],
    [["--rides", "2.5", "--municipality", "town"], /"2\.5" is no whole number from 1/],
    [["--rides", "0", "--municipality", "town"], /"0" is no whole number from 1/],
    [["--cities-dir", "docs"], /--municipality is missing, and docs\/demo\.json names no usual one/],
    [["--municipality", "town", "--server", "nonsense"], /"nonsense" is no address like http:/],
    [["--municipality", "town", "--server", "localhost:4000"], /"localhost:4000" is no address like http:/],
  ])("says what is wrong with %j", (argv, message) => {
    const use = (): void => {
      const values = readArguments(argv, own);
      wholeNumber(values, "rides", { least: 1, otherwise: 1 });
      sharedSettings(values, {});
    };
    expect(use).toThrow(UsageError);
    expect(use).toThrow(message);
  });
});
