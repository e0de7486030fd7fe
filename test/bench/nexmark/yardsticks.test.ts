import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { writeEventFiles } from '../../../bench/nexmark/event-files.ts';
import type { NexmarkEvent } from '../../../bench/nexmark/events.ts';
import { generateEvents } from '../../../bench/nexmark/generate.ts';
import { oracles } from '../../../bench/nexmark/oracle/oracles.ts';
import { runOracle } from '../../../bench/nexmark/oracle/run-oracle.ts';
import { type QueryName, queryNames } from '../../../bench/nexmark/queries.ts';
import { runHandLoop } from '../../../bench/nexmark/yardsticks/hand-loop.ts';
import { loops } from '../../../bench/nexmark/yardsticks/loops/loops.ts';
import { plainQueries, runPlainRxjs, rxjsQueries } from '../../../bench/nexmark/yardsticks/plain-rxjs.ts';
import { withTempFolder } from '../../../bench/temp-folder.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { keptRows } from './kept-rows.ts';
import { randomEvents } from './random-events.ts';

const expected = (query: QueryName, events: readonly NexmarkEvent[]): readonly string[] => {
  const out = keptRows();
  for (const row of oracles[query](events)) out.add(row);
  return out.sorted();
};

describe('a yardstick has the rows of the oracle, whatever the disorder', () => {
  it.each(queryNames)('hand loop, %s', (query) => {
    fc.assert(
      fc.property(randomEvents, (events) => {
        const out = keptRows();
        const loop = loops[query](out);
        for (const event of events) loop.on(event);
        loop.end();
        expect(out.sorted()).toEqual(expected(query, events));
      }),
      { numRuns: 300 },
    );
  });

  it.each(rxjsQueries)('plain RxJS, %s', (query) =>
    fc.assert(
      fc.asyncProperty(randomEvents, async (events) => {
        const out = keptRows();
        for (const row of await lastValueFrom(plainQueries[query]!(from(events)).pipe(toArray())))
          out.add(row);
        expect(out.sorted()).toEqual(expected(query, events));
      }),
      { numRuns: 200 },
    ),
  );
});

it('counts the same events and rows from memory, from a file, and again', () =>
  withTempFolder(async (folder) => {
    writeEventFiles(folder, generateEvents({ events: 20_000, random: seededRandom(5) }));
    for (const query of queryNames) {
      const { events, rows, sum } = await runOracle(query, 'mem', folder);
      expect(events).toBe(20_000);
      const contenders = rxjsQueries.includes(query) ? [runHandLoop, runPlainRxjs] : [runHandLoop];
      for (const contender of contenders) {
        for (const mode of ['mem', 'file', 'mem'] as const) {
          expect(await contender(query, mode, folder), `${query} ${mode}`).toMatchObject({
            events,
            rows,
            sum,
          });
        }
      }
    }
  }));
