import type { Place } from '../../../domain/event.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import type { Consignment, Level, StatusReport, Stop } from './iftsta-report.ts';

type Status = TrackingEvent['status'];

/** Element 3227: activity location, location of goods. */
const happenedAt = ['175', '14'];
/** Places at which a status can have happened, where the message names none of those. */
const stopsOf: Readonly<Partial<Record<Status, readonly string[]>>> = {
  picked_up: ['88', '9', '5'],
  departed: ['9', '5', '88', '125'],
  arrived: ['11', '8', '60', '7'],
  available_for_pickup: ['11', '8', '7'],
  delivered: ['7', '8'],
  delivery_attempted: ['7', '8'],
};
const consigneeParties = ['DP', 'CN', 'UC', 'ST'];
const consignorParties = ['CZ', 'SF', 'PW'];
/** Statuses that happen at a party's door, so that its address is the stop. */
const partiesOf: Readonly<Partial<Record<Status, readonly string[]>>> = {
  delivered: consigneeParties,
  delivery_attempted: consigneeParties,
  picked_up: consignorParties,
};

/** Where a status happened: where it says so, else the only place it names, else the place or party that it is said of. */
export const placeOfStatus = (
  said: StatusReport,
  consignment: Consignment,
  header: Level,
  status: Status,
): Place | null => {
  const levels: readonly Level[] = [said, consignment, header];
  const own = placeAmong(said.stops, happenedAt);
  if (own !== null) return own;
  const [only, ...more] = said.stops;
  if (only?.place && more.length === 0) return only.place;
  for (const { stops, way } of levels) {
    const place = placeAmong([...stops, ...way], stopsOf[status] ?? []);
    if (place !== null) return place;
  }
  for (const code of partiesOf[status] ?? []) {
    for (const { parties } of levels) {
      const place = parties.get(code)?.place ?? null;
      if (place !== null) return place;
    }
  }
  return null;
};

const placeAmong = (stops: readonly Stop[], qualifiers: readonly string[]): Place | null => {
  for (const qualifier of qualifiers) {
    const place = stops.find((stop) => stop.qualifier === qualifier)?.place ?? null;
    if (place !== null) return place;
  }
  return null;
};
