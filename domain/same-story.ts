import type { Cause, Effect } from './codes.ts';
import type { ShipmentException } from './exception.ts';
import type { Signal } from './signal.ts';

type Told = Pick<Signal, 'category' | 'cause' | 'effect' | 'kind' | 'leg'>;

const unexplained: ReadonlySet<Cause> = new Set(['none', 'unmapped']);
const lates: ReadonlySet<Effect> = new Set(['delay', 'not_delivered']);
/** Effects that cost time. */
const delaying: ReadonlySet<Effect> = new Set([
  'delay',
  'held',
  'not_delivered',
  'refused',
  'diverted',
  'rescheduled',
]);
const SILENCE = 'visibility_lost';

/** Late, or going to be, and nobody says why: a milestone, a connection, a promise, a prediction. */
const isLateness = ({ cause, effect }: Told): boolean => unexplained.has(cause) && lates.has(effect);

const holdsUp = ({ category, effect }: Told): boolean => category === SILENCE || delaying.has(effect);

/** How much a report says of what is wrong: nothing is heard 0, it is late 1, why it is late 2. */
const saying = (told: Told): 0 | 1 | 2 => (told.category === SILENCE ? 0 : isLateness(told) ? 1 : 2);

/** Whether an exception is to be called by the signal's category from now on: a delay is a breakdown once somebody says so. */
export const saysMore = (signal: Told, exception: Told): boolean => saying(signal) > saying(exception);

/**
 * The open exception that a signal tells more of; undefined where it is another trouble. One cause makes many signals: a
 * truck breaks down, the milestone is late, the connection is missed and then the promise. So what is merely late is late
 * because of what is known to hold the shipment up, and a cause that is named explains the lateness that was seen before.
 * Two named causes are two exceptions, and damage is no delay. Of several that of its own name is meant, and else the latest that
 * has happened.
 */
export const sameStory = (
  signal: Told,
  open: readonly ShipmentException[],
  isGrave: (category: string) => boolean,
): ShipmentException | undefined => {
  const joins = (exception: ShipmentException): boolean => {
    if (isGrave(exception.category) || isGrave(signal.category)) return false;
    if (exception.category === signal.category)
      return exception.leg === null || signal.leg === null || saying(signal) < 2;
    if (saying(signal) < 2) return holdsUp(exception);
    return signal.kind === 'detected' && delaying.has(signal.effect) && saying(exception) < 2;
  };
  const joined = open.filter(joins);
  // A storm that has come is the one that was foreseen, not the reason of an older lateness.
  const ofItsName = joined.filter(({ category }) => saying(signal) === 2 && category === signal.category);
  return (ofItsName.length > 0 ? ofItsName : joined).toSorted((a, b) =>
    a.kind === b.kind ? b.raisedAt - a.raisedAt || (a.id < b.id ? -1 : 1) : a.kind === 'detected' ? -1 : 1,
  )[0];
};
