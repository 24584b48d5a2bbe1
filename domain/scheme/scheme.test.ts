import { expect, it } from "vitest";
import { version } from "#tests/kit/decision-kit.ts";
import type { SchemeId, SchemeVersionId } from "../ids.ts";
import { versionOn } from "./scheme.ts";

const dated = (name: string, effectiveFromDay: number, effectiveToDay: number | null) =>
  version({ version: name as SchemeVersionId, effectiveFromDay, effectiveToDay });

it("the version of a day is the one in force then; outside all of them there is none", () => {
  const scheme = { id: "s" as SchemeId, versions: [dated("1", 10, 19), dated("2", 20, 24), dated("3", 30, null)] };
  expect([9, 10, 19, 20, 24, 25, 29, 30, 99_999].map((day) => versionOn(scheme, day)?.version)).toEqual([
    undefined,
    "1",
    "1",
    "2",
    "2",
    undefined,
    undefined,
    "3",
    "3",
  ]);
});
