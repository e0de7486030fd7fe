import { type Contender, timed } from '../contender.ts';
import { eachLine, eventsFile, parseEvent } from '../event-files.ts';
import { eventsInMemory } from '../events-in-memory.ts';
import type { NexmarkEvent } from '../events.ts';
import { RowSum } from '../row-sum.ts';
import type { Loop } from './loops/loop.ts';
import { loops } from './loops/loops.ts';

const fromMemory = (loop: Loop, events: readonly NexmarkEvent[]): number => {
  for (const event of events) loop.on(event);
  loop.end();
  return events.length;
};

const fromFile = (loop: Loop, file: string): number => {
  let count = 0;
  eachLine(file, (line) => {
    count += 1;
    loop.on(parseEvent(line));
  });
  loop.end();
  return count;
};

/** The yardstick: each query as a loop over objects, tuned by hand, in one thread, with nothing around it. */
export const runHandLoop: Contender = (query, mode, data) => {
  const out = new RowSum();
  const loop = loops[query](out);
  if (mode === 'file') return timed(out, () => fromFile(loop, eventsFile(data)));
  const events = eventsInMemory(data);
  return timed(out, () => fromMemory(loop, events));
};
