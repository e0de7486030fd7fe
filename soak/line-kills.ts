import { differencesOf, type LineStory, playLine, recordedHours } from '../test/act/line-under-kills.ts';
import type { Part } from './part.ts';

/** `FOREWARN_LINE_KILLS=100` asks for fewer; they are rounded up to whole runs. */
const KILLS = Number(process.env['FOREWARN_LINE_KILLS'] ?? 1_000);
const KILLS_A_RUN = 20;
/** Runs of one world, before the next one. */
const RUNS_A_WORLD = 10;
const HOURS = 60;
/** Seeds of their own: those of the tests are lived through on every change. */
const FIRST = 10_001;

/** The whole line in the simulated process, on the simulated disk, against a receiver that counts. */
export const lineKills: Part = {
  name: 'line-kills',
  about: `the whole line is killed at ${KILLS} random points: every key once, the same exceptions, actions and outcomes`,
  run: async (print) => {
    const runs = Math.ceil(KILLS / KILLS_A_RUN);
    let failed = 0;
    let kills = 0;
    let keys = 0;
    let documents = recordedHours(FIRST, HOURS);
    let undisturbed: LineStory | undefined;
    for (let run = 0; run < runs; run++) {
      if (run % RUNS_A_WORLD === 0) {
        documents = recordedHours(FIRST + run, HOURS);
        undisturbed = undefined;
      }
      const seed = FIRST + run;
      undisturbed ??= await playLine(documents);
      const disturbed = await playLine(documents, { seed, count: KILLS_A_RUN, among: undisturbed.points });
      const differences = differencesOf(undisturbed, disturbed);
      kills += disturbed.kills;
      keys += disturbed.receiver.counts.size;
      if (differences.length > 0) failed += 1;
      for (const difference of differences)
        print(`world ${seed - (run % RUNS_A_WORLD)}, seed ${seed}: ${difference}`);
    }
    print(`${kills} kills in ${runs} runs, ${keys} keys`);
    return { passed: runs - failed, failed, skipped: 0 };
  },
};
