import { expect, it } from "vitest";
import { CardChannelError } from "./card-channel.ts";

it("a broken exchange keeps its code and, where there was one, its cause", () => {
  const cause = new Error("SCARD_W_REMOVED_CARD");
  expect(new CardChannelError("CARD_REMOVED", "the card was lifted", cause)).toMatchObject({
    code: "CARD_REMOVED",
    cause,
  });
  expect("cause" in new CardChannelError("TIMEOUT", "no answer")).toBe(false);
});
