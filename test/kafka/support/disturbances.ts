import { seededRandom } from '../../../models/training/seeded-random.ts';

const kinds = ['killed', 'stopped', 'broker restarted', 'joined and left'] as const;

/** Something that happens to the processes of a line, or to their broker. */
export interface Disturbance {
  readonly kind: (typeof kinds)[number];
  /** When, in milliseconds from the begin. */
  readonly atMs: number;
  /** How long a process is stopped or a broker away; how long one more is there before another leaves. */
  readonly forMs: number;
  /** It hits the process that has number 0. */
  readonly hitsLead: boolean;
  /** Else it hits the one at this place among those that run: 0 ≤ place < 1. */
  readonly place: number;
  /** Who comes instead of a process that was killed has its name and its data folder; else it is new to the group. */
  readonly keepsName: boolean;
}

/** Shorter and longer than a session of 6 s: who was stopped for longer has lost what it had when it goes on. */
const longestStopMs = 12_000;
/** With the seconds that a broker takes to start shorter and longer than the 10 s that a transaction may last. */
const longestOutageMs = 15_000;

/**
 * What happens in a time, by a seed: one thing in each equal part of it, at a moment of chance, so that one may begin
 * before the last is over. All kinds come before any comes again.
 */
export const disturbances = (seed: number, count: number, withinMs: number): readonly Disturbance[] => {
  const random = seededRandom(seed);
  const bag: Disturbance['kind'][] = [];
  return Array.from({ length: count }, (_, index) => {
    if (bag.length === 0) bag.push(...kinds);
    const [kind] = bag.splice(Math.floor(random() * bag.length), 1);
    return {
      kind: kind!,
      atMs: Math.round(((index + random()) * withinMs) / count),
      forMs: Math.round(random() * (kind === 'stopped' ? longestStopMs : longestOutageMs)),
      hitsLead: random() < 0.5,
      place: random(),
      keepsName: random() < 0.5,
    };
  });
};
