import { expect, it } from "vitest";
import { assert, InvariantError, unreachable } from "./assert.ts";

it("a broken invariant stops with its reason", () => {
  expect(() => assert(false, "because")).toThrow(new InvariantError("because"));
  expect(() => assert(true, "because")).not.toThrow();
  expect(() => unreachable("x" as never)).toThrow(InvariantError);
});
