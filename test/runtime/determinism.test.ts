import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { type Content, refuseOther, shortened } from '../support/crash-content.ts';
import { LATER_ROWS, recordedStory } from '../support/determinism-input.ts';
import { acrossKeys, answerTopics, everyVerb } from '../support/determinism-pipelines.ts';
import { type Settings, runDisturbed, type Told, undisturbed, IDLE_MS } from '../support/disturbed-run.ts';
import type { Chance } from '../support/disturbed-log.ts';
import type { Said } from '../support/law-topics.ts';

/** `npm run soak -- determinism` asks for more. */
const SEEDS = Number(process.env['FOREWARN_DETERMINISM_SEEDS'] ?? 4);
const RUNS = Number(process.env['FOREWARN_DETERMINISM_RUNS'] ?? 8);
const FIRST = Number(process.env['FOREWARN_DETERMINISM_FIRST'] ?? 1);

const PARTITIONS = {
  left: 2,
  right: 2,
  notes: 1,
  letters: 1,
  '~far.by-number': 3,
  '~far.by-window': 2,
  ...Object.fromEntries(answerTopics.map(({ name }) => [name, 2])),
};

const chanceOf = (seed: number): Chance => {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
};

const oneOf = <T>(chance: Chance, values: readonly T[]): T => values[chance(values.length)]!;

const someSettings = (chance: Chance): Settings => ({
  seed: 1 + chance(1 << 30),
  log: oneOf(chance, ['memory', 'memory', 'embedded']),
  maxRows: oneOf(chance, [1, 2, 7, 64, 256]),
  credit: 1 + chance(8),
  checkpointMs: oneOf(chance, [0, 1, 5, 20, 50]),
  compactAtBytes: oneOf(chance, [0, 2_000, 4 << 20]),
  workers: 1 + chance(4),
  bursts: Array.from({ length: 1 + chance(4) }, () => 1 + chance(oneOf(chance, [1, 5, 60]))),
  slowTurns: chance(4),
  restarts: chance(4),
  ticks: chance(2) === 0,
  idleMs: IDLE_MS,
});

describe('the same recorded input', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => FIRST + index))(
    'gives the same content however it is cut, ordered, delayed, stopped and checkpointed (seed %i)',
    async (seed) => {
      const chance = chanceOf(seed);
      const told: Told = {
        partitions: PARTITIONS,
        rows: recordedStory(chance, {
          rows: 240,
          disorderMs: oneOf(chance, [500, 4_000, 9_000]),
          repeats: true,
          silences: true,
        }),
      };
      const expected = await runDisturbed(everyVerb, told, undisturbed);
      // A run that says nothing would agree with every other.
      for (const [name, lines] of expected) expect(lines.length, name).toBeGreaterThan(0);
      for (let run = 0; run < RUNS; run++) {
        const settings = someSettings(chance);
        const content = await runDisturbed(everyVerb, told, settings);
        refuseOther(expected, content, `seed ${seed}, run ${run}, ${JSON.stringify(settings)}`);
        expect(shortened(content)).toEqual(shortened(expected));
      }
    },
    600_000,
  );

  it.each(Array.from({ length: SEEDS }, (_, index) => FIRST + index))(
    'gives the same rows over any number of partitions where keys change on the way (seed %i)',
    async (seed) => {
      const chance = chanceOf(seed);
      const rows = recordedStory(chance, { rows: 200, disorderMs: 900, repeats: false, silences: false });
      const flushedFrom = rows.at(-LATER_ROWS)!.row.at;
      let expected: readonly string[] | undefined;
      for (const layout of LAYOUTS) {
        const content = await runDisturbed(
          () => acrossKeys,
          { partitions: layout, rows },
          { ...someSettings(chance), idleMs: PATIENT_MS },
        );
        const answered = saidBefore(content, flushedFrom);
        expect(answered.length).toBeGreaterThan(100);
        expected ??= answered;
        expect(answered, JSON.stringify(layout)).toEqual(expected);
      }
    },
    600_000,
  );
});

/** Longer than any pause of an input that has rows; what no key lies in is idle in the end. */
const PATIENT_MS = 20_000;

/** Partitions of the input, of the topics in between and of the answers. */
const LAYOUTS = [
  [1, 1, 1],
  [2, 3, 1],
  [3, 1, 2],
  [5, 4, 3],
].map(([given, between, answered]) => ({
  left: given!,
  right: given!,
  notes: 1,
  letters: 1,
  '~across.by-number': between!,
  '~across.other-by-number': between!,
  '~across.by-window': answered!,
  across: answered!,
}));

/** Answers of event times before `t`, sorted. */
const saidBefore = (content: Content, t: number): readonly string[] =>
  [...content]
    .filter(([name]) => name.startsWith('across/'))
    .flatMap(([, lines]) => lines)
    .flatMap((line) => {
      const { eventTime, what } = JSON.parse(line.slice(line.indexOf('{} ') + 3)) as Said & {
        readonly eventTime: number;
      };
      return eventTime < t ? [`${eventTime} ${what}`] : [];
    })
    .sort();
