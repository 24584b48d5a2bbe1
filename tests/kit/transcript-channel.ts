import { CARD_CHANNEL_ERRORS, type CardChannel, CardChannelError } from "#protocol/apdu/card-channel.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";

/**
 * Transcripts of card exchanges, `tests/transcripts/*.apdu`: one line `=> command hex`, then `<= response hex` or
 * `<! ERROR_CODE`; `#` begins a comment, blank lines do not count.
 */
export interface TranscriptLine {
  readonly command: Uint8Array;
  readonly answer: Uint8Array | CardChannelError["code"];
}

/** @throws SyntaxError when the text is no transcript */
export function parseTranscript(text: string): TranscriptLine[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length % 2 !== 0) throw new SyntaxError("a transcript has pairs of lines");
  const entries: TranscriptLine[] = [];
  for (let index = 0; index < lines.length; index += 2) {
    const [sent, received] = [lines[index] ?? "", lines[index + 1] ?? ""];
    if (!sent.startsWith("=> ")) throw new SyntaxError(`expected "=> …", found "${sent.slice(0, 20)}"`);
    entries.push({ command: fromHex(sent.slice(3)), answer: parseAnswer(received) });
  }
  return entries;
}

function parseAnswer(line: string): TranscriptLine["answer"] {
  if (line.startsWith("<= ")) return fromHex(line.slice(3));
  const code = CARD_CHANNEL_ERRORS.find((candidate) => line === `<! ${candidate}`);
  if (code === undefined) throw new SyntaxError(`expected "<= …" or "<! CODE", found "${line.slice(0, 20)}"`);
  return code;
}

/** Text of a transcript; {@link parseTranscript} reads it back. */
export function formatTranscript(entries: readonly TranscriptLine[]): string {
  return entries
    .map(({ command, answer }) => {
      const received = typeof answer === "string" ? `<! ${answer}` : `<= ${toHex(answer)}`;
      return `=> ${toHex(command)}\n${received}\n`;
    })
    .join("");
}

/** Serves a transcript. A command out of order, a changed one, or one too many fails the exchange at once. */
export interface TranscriptChannel extends CardChannel {
  /** @throws Error when commands of the transcript were never sent */
  assertFinished(): void;
}

/** A channel that knows `entries` in order and nothing else. */
export function replay(entries: readonly TranscriptLine[]): TranscriptChannel {
  let next = 0;
  let busy = false;
  return {
    async exchange(command) {
      if (busy) throw new CardChannelError("PROTOCOL", "one exchange at a time");
      busy = true;
      // A real card answers later; without this nothing could ever overlap.
      await Promise.resolve();
      busy = false;
      const entry = entries[next];
      if (entry === undefined) throw new Error(`not in the transcript: ${toHex(command)} after its end`);
      if (toHex(entry.command) !== toHex(command)) {
        throw new Error(`not in the transcript: expected ${toHex(entry.command)}, got ${toHex(command)}`);
      }
      next += 1;
      if (typeof entry.answer === "string") throw new CardChannelError(entry.answer, "as recorded");
      return entry.answer;
    },
    assertFinished() {
      if (next < entries.length) throw new Error(`${entries.length - next} exchanges of the transcript were not made`);
    },
  };
}

/** A channel that passes everything on and keeps it. Never for cards of real people: it holds what the card said. */
export function record(channel: CardChannel): { readonly channel: CardChannel; readonly entries: TranscriptLine[] } {
  const entries: TranscriptLine[] = [];
  return {
    entries,
    channel: {
      async exchange(command) {
        try {
          const answer = await channel.exchange(command);
          entries.push({ command, answer });
          return answer;
        } catch (error) {
          if (error instanceof CardChannelError) entries.push({ command, answer: error.code });
          throw error;
        }
      },
    },
  };
}
