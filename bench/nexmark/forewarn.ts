import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { type Contender, timed } from './contender.ts';
import { type Definition, definitions } from './definitions.ts';
import { eachLine, eventsFile, parseEvent } from './event-files.ts';
import { eventsInMemory } from './events-in-memory.ts';
import type { NexmarkEvent } from './events.ts';
import type { QueryName } from './queries.ts';
import { type RowSink, RowSum } from './row-sum.ts';

/** The queries that `definitions.ts` has. */
export const forewarnQueries = Object.keys(definitions) as readonly QueryName[];

/** Hands each event to the topic of its kind, where the query reads it. */
const feeder = ({ pipeline }: Definition, run: MemoryRun) => {
  const read = new Set(pipeline.nodes.flatMap((node) => (node.kind === 'source' ? [node.topic.name] : [])));
  const [persons, auctions, bids] = ['persons', 'auctions', 'bids'].map((topic) => read.has(topic));
  return (event: NexmarkEvent): void => {
    if (event.event_type === 2) {
      if (bids) run.push('bids', event.bid);
    } else if (event.event_type === 1) {
      if (auctions) run.push('auctions', event.auction);
    } else if (persons) run.push('persons', event.person);
  };
};

/**
 * Runs a query as a Forewarn definition: builds its graph, feeds it the events of the folder, objects from memory or
 * lines of the file, and adds every result row to a `RowSum`; all of it is timed.
 */
export const runForewarn: Contender = (query, mode, data) => {
  const out = new RowSum();
  const events = mode === 'mem' ? eventsInMemory(data) : [];
  return timed(out, () => {
    const definition = definitions[query]!();
    const add = definition.add as (sink: RowSink, row: unknown) => void;
    const run = new MemoryRun(definition.pipeline, {
      onRows: (_, { size, body }) => {
        for (let index = 0; index < size; index++) add(out, body.row(index));
      },
    });
    const take = feeder(definition, run);
    let count = 0;
    if (mode === 'mem') {
      for (const event of events) take(event);
      count = events.length;
    } else {
      eachLine(eventsFile(data), (line) => {
        count += 1;
        take(parseEvent(line));
      });
    }
    run.end();
    return count;
  });
};
