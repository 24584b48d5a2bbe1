import { expect, it } from "vitest";
import { canonicalErasable } from "./places.ts";

it("erasable facts have one text, which tells absent from present", () => {
  const boarding = { latE6: 36_389_500, lngE6: 139_063_400 };
  expect(canonicalErasable({ boarding, alighting: null, purpose: "care" })).toBe(
    '["notte.places.v1",[36389500,139063400],null,"care"]',
  );
  expect(canonicalErasable({ purpose: null, alighting: boarding, boarding: null })).toBe(
    '["notte.places.v1",null,[36389500,139063400],null]',
  );
});
