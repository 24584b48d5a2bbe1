/** The three sounds of the cab. */
export const CHIMES = ["accepted", "look", "take-card"] as const;
export type Chime = (typeof CHIMES)[number];

/** One tone: when it begins and how long it sounds, in seconds. */
export interface Tone {
  readonly atS: number;
  readonly lengthS: number;
  /** Basic tone, 500–2,000 Hz: age takes the highs. */
  readonly frequencyHz: number;
}

/** Told apart by rhythm alone: two rising; three short alike; long, short, long. */
export const CHIME_TONES: Readonly<Record<Chime, readonly Tone[]>> = {
  accepted: [
    { atS: 0, lengthS: 0.16, frequencyHz: 784 },
    { atS: 0.2, lengthS: 0.34, frequencyHz: 1175 },
  ],
  look: [
    { atS: 0, lengthS: 0.09, frequencyHz: 880 },
    { atS: 0.16, lengthS: 0.09, frequencyHz: 880 },
    { atS: 0.32, lengthS: 0.09, frequencyHz: 880 },
  ],
  "take-card": [
    { atS: 0, lengthS: 0.4, frequencyHz: 988 },
    { atS: 0.48, lengthS: 0.1, frequencyHz: 740 },
    { atS: 0.66, lengthS: 0.4, frequencyHz: 988 },
  ],
};

/** Length of a chime in seconds. */
export function chimeLengthS(chime: Chime): number {
  return Math.max(...CHIME_TONES[chime].map((tone) => tone.atS + tone.lengthS));
}

const ATTACK_S = 0.012;
const VOLUME = 0.5;

/** Plays a chime on an audio context; the function it returns cuts it off. */
export function playChime(context: AudioContext, chime: Chime): () => void {
  const out = context.createGain();
  out.gain.value = VOLUME;
  out.connect(context.destination);
  const begin = context.currentTime + 0.01;
  for (const tone of CHIME_TONES[chime]) {
    const from = begin + tone.atS;
    const to = from + tone.lengthS;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0, from);
    envelope.gain.linearRampToValueAtTime(1, from + ATTACK_S);
    envelope.gain.setTargetAtTime(0, to - ATTACK_S, ATTACK_S);
    envelope.connect(out);
    const oscillator = context.createOscillator();
    oscillator.type = "triangle";
    oscillator.frequency.value = tone.frequencyHz;
    oscillator.connect(envelope);
    oscillator.start(from);
    oscillator.stop(to + 6 * ATTACK_S);
  }
  return () => out.disconnect();
}
