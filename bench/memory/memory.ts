import type { Bench } from '../bench.ts';
import type { Column } from '../table.ts';
import type { Sample } from './scenario.ts';
import { scenarios, type Size } from './scenarios.ts';
import { startScenario } from './start-scenario.ts';

const columns: readonly (Column & { readonly of: (sample: Sample) => number })[] = [
  { name: 'sec', digits: 1, of: ({ sec }) => sec },
  { name: 'RSS MB', of: ({ rssMB }) => rssMB },
  { name: 'heap MB', of: ({ heapMB }) => heapMB },
  { name: 'read ahead rows', of: ({ aheadRows }) => aheadRows },
  { name: 'read ahead kB', of: ({ aheadBytes }) => aheadBytes / 1_024 },
  { name: 'gathered kB', of: ({ gatheredBytes }) => gatheredBytes / 1_024 },
  { name: 'in commits kB', of: ({ committingBytes }) => committingBytes / 1_024 },
  { name: 'batches out', of: ({ underWay }) => underWay },
  { name: 'rows of state', of: ({ stateRows }) => stateRows },
  { name: 'rows written', of: ({ written }) => written },
];

/** What a process holds over time in situations that would fill it if nothing held them. */
export const memoryBench: Bench = {
  name: 'memory',
  about: 'what is held over time with a slow sink, a slow model, disorder, many keys and a silent writer',
  options: {
    secs: 'seconds of each situation, 10 if not given',
    size: 'full (1 M rows, the default) or short',
  },
  run: async (say, { secs = '10', size = 'full' }) => {
    const tables = [];
    const notes: string[] = [];
    for (const [name, { about, rssMB, heapMB }] of Object.entries(scenarios(size as Size))) {
      say(name);
      const { samples, faults } = await startScenario(name, size as Size, Number(secs));
      tables.push({
        title: `${name}: ${about} (at most ${rssMB} MB in all, ${heapMB} MB of heap)`,
        columns: columns.map(({ name: title, digits = 0 }) => ({ name: title, digits })),
        rows: samples.map((sample) => columns.map(({ of }) => of(sample))),
      });
      for (const fault of faults) notes.push(`${name}: OUT OF BOUNDS: ${fault}`);
    }
    return { tables, notes: notes.length > 0 ? notes : ['Everything stayed within its bounds.'] };
  },
};
