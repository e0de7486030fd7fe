import { readEvents } from './event-files.ts';
import type { NexmarkEvent } from './events.ts';

const read = new Map<string, readonly NexmarkEvent[]>();

/** The events of a data folder; read at the first call and kept, so that warm runs find them in memory. */
export const eventsInMemory = (data: string): readonly NexmarkEvent[] => {
  const known = read.get(data);
  if (known !== undefined) return known;
  const events = readEvents(data);
  read.set(data, events);
  return events;
};
