import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { refuseOther, shortened } from '../support/crash-content.ts';
import { recordedStory } from '../support/determinism-input.ts';
import { answerTopics, everyVerb } from '../support/determinism-pipelines.ts';
import { type Settings, runDisturbed, type Told, undisturbed } from '../support/disturbed-run.ts';
import type { Chance } from '../support/disturbed-log.ts';

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
});

describe('the same recorded input', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => FIRST + index))(
    'gives the same content however it is cut, ordered, delayed, stopped and checkpointed (seed %i)',
    async (seed) => {
      const chance = chanceOf(seed);
      const told: Told = {
        partitions: PARTITIONS,
        rows: recordedStory(chance, { rows: 240, disorderMs: oneOf(chance, [500, 4_000, 9_000]) }),
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
});
