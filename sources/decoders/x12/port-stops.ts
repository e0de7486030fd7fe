import type { Place } from '../../../domain/event.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import type { Stamp } from './moment.ts';

/** An R4 with the DTM times that follow it. */
export interface PortStop {
  /** Element 115: `R` receipt, `L` loading, `D` discharge, `E` delivery, `5` where it happened. */
  readonly port: string;
  readonly place: Place | null;
  readonly expected: { readonly qualifier: string; readonly stamp: Stamp }[];
}

/** Codes of element 157 whose date may lie ahead, though they are no estimates: free time that runs out, a new delivery date. */
export const aheadCodes157: ReadonlySet<string> = new Set(['NF', 'BD', 'LD']);

/** Ports at which a status can have happened, where the message names no place of its own. */
const portsOf: Readonly<Partial<Record<TrackingEvent['status'], readonly string[]>>> = {
  picked_up: ['R', 'L'],
  departed: ['L'],
  delivered: ['E', 'D'],
  available_for_pickup: ['D', 'E'],
};

/** Where a status happened: the activity's own port (`5`), else the place that was named, else the port that it is said of. */
export const stopAmong = (
  stops: readonly PortStop[],
  named: Place | null,
  status: TrackingEvent['status'],
): Place | null => {
  const at = (port: string): Place | null => stops.find((stop) => stop.port === port)?.place ?? null;
  const own = at('5') ?? named;
  if (own !== null) return own;
  for (const port of portsOf[status] ?? []) {
    const place = at(port);
    if (place !== null) return place;
  }
  return null;
};
