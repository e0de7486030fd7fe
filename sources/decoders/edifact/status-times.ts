import type { Place } from '../../../domain/event.ts';
import type { Stamp } from './date-time.ts';
import type { Level } from './iftsta-report.ts';

/** Element 2005: status change, event, then what was done: arrival 178, departure 186, delivery 35, effective 7, completion 1. */
const happened = ['334', '78', '178', '186', '35', '7', '1'];
/** Times that lie ahead or are of the message: never when a status happened. */
const otherTimes: ReadonlySet<string> = new Set(
  '2 10 17 61 63 64 69 76 79 132 133 137 189 191 196 232 234 235 252'.split(' '),
);

/** When a status happened; from the innermost level out. Null where no DTM says so. */
export const stampOfStatus = (levels: readonly Level[]): Stamp | null => {
  for (const { stamps } of levels) {
    for (const qualifier of happened) {
      const found = stamps.find((stamp) => stamp.qualifier === qualifier);
      if (found !== undefined) return found;
    }
  }
  return levels[0]?.stamps.find(({ qualifier }) => !otherTimes.has(qualifier)) ?? null;
};

/**
 * When the shipment is expected where its way ends: delivery (17), else arrival (132) at the place of delivery (LOC 7), the
 * destination (8), or the port of discharge (11). Estimates of ports on the way are not the shipment's and are left out.
 */
export const arrivalExpected = (
  levels: readonly Level[],
): { readonly stamp: Stamp; readonly place: Place | null } | null => {
  for (const { stamps, way } of levels) {
    const own = (qualifier: string): Stamp | undefined =>
      stamps.find((stamp) => stamp.qualifier === qualifier);
    const delivery = own('17');
    if (delivery !== undefined) return { stamp: delivery, place: null };
    const ends = ['7', '8'].flatMap((at) => way.filter(({ qualifier }) => qualifier === at));
    const ports = way.filter(({ qualifier }) => qualifier === '11');
    for (const { stamps: expected, place } of [...ends, ...ports]) {
      const stamp = expected.find(({ qualifier }) => qualifier === '17' || qualifier === '132');
      if (stamp !== undefined) return { stamp, place };
    }
    const arrival = own('132');
    if (arrival !== undefined) return { stamp: arrival, place: null };
  }
  return null;
};
