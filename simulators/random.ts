/**
 * Seeded randomness with named substreams: the same seed and name give the same numbers, however much was drawn from
 * other streams in between. Not for secrets.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal. */
  normal(): number;
  /** One element; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** Index by weight; weights must not all be zero. */
  weighted(weights: readonly number[]): number;
  /** A version-4 shaped UUID. */
  uuid(): string;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
  /** An independent stream; depends on this stream's name and seed only, not on what was drawn. */
  substream(name: string): Random;
}

/** Four 32-bit words from a text (cyrb128). */
function wordsOf(text: string): [number, number, number, number] {
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  return [(h1 ^ h2 ^ h3 ^ h4) >>> 0, (h2 ^ h1) >>> 0, (h3 ^ h1) >>> 0, (h4 ^ h1) >>> 0];
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Small fast counting generator (sfc32): passes the usual batteries, period about 2^127. */
function createWords(name: string): () => number {
  let [a, b, c, d] = wordsOf(name);
  const word = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  return word;
}

/** The stream of a seed. */
export function createRandom(seed: number | string): Random {
  return createStream(String(seed));
}

function createStream(name: string): Random {
  const word = createWords(name);
  const next = (): number => word() / 0x1_0000_0000;
  const below = (bound: number): number => Math.floor(next() * bound);
  const byte4 = (value: number): string =>
    `${HEX[value >>> 24]}${HEX[(value >>> 16) & 255]}${HEX[(value >>> 8) & 255]}${HEX[value & 255]}`;
  return {
    next,
    below,
    between: (from, to) => from + next() * (to - from),
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    weighted(weights) {
      let rest = next() * weights.reduce((sum, weight) => sum + weight, 0);
      let last = 0;
      for (const [index, weight] of weights.entries()) {
        if (weight <= 0) continue;
        last = index;
        rest -= weight;
        if (rest < 0) return index;
      }
      return last;
    },
    uuid() {
      const one = byte4(word());
      const two = byte4(((word() & 0xffff0fff) | 0x00004000) >>> 0);
      const three = byte4(((word() & 0x3fffffff) | 0x80000000) >>> 0);
      return `${one}-${two.slice(0, 4)}-${two.slice(4)}-${three.slice(0, 4)}-${three.slice(4)}${byte4(word())}`;
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = word() & 255;
      return bytes;
    },
    substream: (part) => createStream(`${name}/${part}`),
  };
}
