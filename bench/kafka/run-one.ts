import type { TaskName } from './definitions.ts';
import { fill } from './fill.ts';
import { throughClientAndBack } from './client-and-back.ts';
import { throughForewarn } from './forewarn.ts';
import { intoTables } from './into-tables.ts';
import { outcomeOf } from './outcome.ts';
import { throughRawClient } from './raw-client.ts';

/** The client loads once in a process, so everything that needs it is a process of its own; what it found is a line of JSON. */
const main = async ([what, settings]: readonly string[]): Promise<unknown> => {
  const { brokers, prefix, partitions, count, task, topic } = JSON.parse(settings!) as RunSettings;
  const where = { brokers, prefix, partitions };
  switch (what) {
    case 'fill':
      return fill(where, count);
    case 'client':
      return throughRawClient(where, count);
    case 'client and back':
      return throughClientAndBack(where, count);
    case 'forewarn':
      return throughForewarn(where, task);
    case 'forewarn and tables':
      return intoTables(where, task, count);
    case 'outcome':
      return outcomeOf(where, topic, task, count);
    default:
      throw new Error(`run-one knows no "${what}"`);
  }
};

/** What a process is told, as JSON. */
export interface RunSettings {
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly partitions: number;
  readonly count: number;
  readonly task: TaskName;
  /** Of results, where they are read. */
  readonly topic: string;
}

console.log(JSON.stringify((await main(process.argv.slice(2))) ?? {}));
