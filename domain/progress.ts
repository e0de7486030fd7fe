import type { Status } from './codes.ts';
import { overrides, takesBack, threadOf } from './event-version.ts';
import { legDelays, pathDelayMin } from './leg-delay.ts';
import { type PlanStep, planShape } from './plan-shape.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** What one event said, as much of it as progress needs; absent where it said nothing. */
export interface Heard {
  readonly id: string;
  readonly at: number;
  readonly status: Status;
  readonly leg?: number;
  readonly milestone?: string;
  readonly category?: string;
  readonly estimatedAt?: number;
  readonly where?: Where;
}

/** Where an event was, by the names that a plan may have for it. */
export interface Where {
  readonly locationId?: string;
  readonly unlocode?: string;
  /** Of the United States, in two letters. */
  readonly state?: string;
}

/** A temperature that was measured, degrees Celsius. */
export interface Reading {
  readonly id: string;
  readonly at: number;
  readonly c: number;
}

export interface Reached {
  readonly at: number;
  readonly eventId: string;
}

/**
 * What is known of a shipment while it moves. Everything but `trail`, `retracted` and `forgotten` follows from
 * them and the plan, so that it does not matter in which order the events, the corrections and the plan came.
 * Plain data: it is keyed state and goes through JSON unchanged.
 */
export interface Progress {
  /** By milestone key of the plan. */
  readonly reached: Readonly<Record<string, Reached>>;
  /** The milestone reached last in event time. */
  readonly lastMilestone: string | null;
  readonly lastAt: number | null;
  readonly lastStatus: Status | null;
  readonly eventCount: number;
  /** Events that were trouble by themselves: those with a category of the taxonomy. */
  readonly troubleCount: number;
  /** The newest estimate of delivery that anybody gave. */
  readonly estimatedAt: number | null;
  /** Events by event time, then id. */
  readonly trail: readonly Heard[];
  /** Events that were taken back, kept because the retraction may come before the event. */
  readonly retracted: readonly string[];
  /** Events that fell off the trail because it was full; they only count. */
  readonly forgotten: number;
  /** The latest temperatures by event time, then id; absent where none was measured. */
  readonly readings?: readonly Reading[];
}

const READINGS_KEPT = 48;
const RETRACTED_KEPT = 128;

/** A shipment with more events than this forgets its oldest ones that reached no milestone. */
export const trailLimit = 128;

export const emptyProgress: Progress = {
  reached: {},
  lastMilestone: null,
  lastAt: null,
  lastStatus: null,
  eventCount: 0,
  troubleCount: 0,
  estimatedAt: null,
  trail: [],
  retracted: [],
  forgotten: 0,
};

/**
 * Progress after one more event, heard in any order. An event that names a milestone of the plan fulfils it;
 * any other takes the first milestone of its kind and leg that is still open, in plan order. Of two events
 * for one milestone the earlier counts. An event heard twice counts once.
 */
export const advance = (progress: Progress, plan: ShipmentPlan | null, event: TrackingEvent): Progress => {
  const retracted =
    event.retracts === null || progress.retracted.includes(event.retracts)
      ? progress.retracted
      : [...progress.retracted.slice(-(RETRACTED_KEPT - 1)), event.retracts];
  const readings = withReading(progress.readings, event);
  // A thermometer that reports every few minutes must not push what has happened off the trail.
  if (readings !== progress.readings && isOnlyReading(event))
    return derived([...progress.trail], retracted, progress.forgotten, plan, readings);
  const known = progress.trail.some(({ id }) => id === event.id);
  const trail = known ? [...progress.trail] : insert(progress.trail, heardOf(event));
  return derived(trail, retracted, progress.forgotten, plan, readings);
};

const isOnlyReading = ({ status, category, milestone, estimatedAt, retracts }: TrackingEvent): boolean =>
  (status === 'information' || status === 'in_transit') &&
  category === null &&
  milestone === null &&
  estimatedAt === null &&
  retracts === null;

const withReading = (
  readings: readonly Reading[] | undefined,
  { id, at, temperatureC }: TrackingEvent,
): readonly Reading[] | undefined => {
  const c = temperatureC ?? null;
  if (c === null || readings?.some((reading) => reading.id === id) === true) return readings;
  return [...(readings ?? []), { id, at, c }]
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .slice(-READINGS_KEPT);
};

const derived = (
  trail: Heard[],
  retracted: readonly string[],
  forgotten: number,
  plan: ShipmentPlan | null,
  readings: readonly Reading[] | undefined,
): Progress => {
  const progress = derive(trail, retracted, forgotten, plan);
  return readings === undefined ? progress : { ...progress, readings };
};

/** The same events read against another plan: for a plan that came late, or a later version of it. */
export const replan = (progress: Progress, plan: ShipmentPlan | null): Progress =>
  derived([...progress.trail], progress.retracted, progress.forgotten, plan, progress.readings);

const whereOf = ({ place }: TrackingEvent): Where | undefined => {
  if (place === null) return undefined;
  const { locationId, unlocode, region, country } = place;
  const state =
    country === 'US' && region !== null && /^[A-Za-z]{2}$/.test(region) ? region.toUpperCase() : null;
  if (locationId === null && unlocode === null && state === null) return undefined;
  return {
    ...(locationId === null ? {} : { locationId }),
    ...(unlocode === null ? {} : { unlocode }),
    ...(state === null ? {} : { state }),
  };
};

const heardOf = (event: TrackingEvent): Heard => {
  const where = whereOf(event);
  return {
    id: event.id,
    at: event.at,
    status: event.status,
    ...(event.leg === null ? {} : { leg: event.leg }),
    ...(event.milestone === null ? {} : { milestone: event.milestone }),
    ...(event.category === null ? {} : { category: event.category }),
    ...(event.estimatedAt === null || !tellsOfTheEnd(event) ? {} : { estimatedAt: event.estimatedAt }),
    ...(where === undefined ? {} : { where }),
  };
};

/**
 * An estimate of a departure or of a call on the way says nothing of when the goods come. Events that were logged before
 * estimates said what they expect have no `expects`.
 */
const tellsOfTheEnd = ({ expects }: TrackingEvent): boolean =>
  (expects ?? null) === null || expects === 'delivered' || expects === 'available_for_pickup';

const insert = (trail: readonly Heard[], heard: Heard): Heard[] => {
  let at = trail.length;
  while (at > 0 && isBefore(heard, trail[at - 1])) at--;
  return [...trail.slice(0, at), heard, ...trail.slice(at)];
};

const isBefore = (left: Heard, right: Heard | undefined): boolean =>
  right !== undefined && (left.at < right.at || (left.at === right.at && left.id < right.id));

const derive = (
  trail: Heard[],
  retracted: readonly string[],
  forgotten: number,
  plan: ShipmentPlan | null,
): Progress => {
  const standing = trail.filter(({ id }) => !isTakenBack({ trail, retracted }, id));
  const reached = plan === null ? {} : reachedBy(standing, planShape(plan).steps);
  const full = trail.length > trailLimit;
  const last = standing.at(-1);
  return {
    reached,
    lastMilestone: latestOf(reached),
    lastAt: last?.at ?? null,
    lastStatus: last?.status ?? null,
    eventCount: standing.length + forgotten,
    troubleCount: standing.reduce((count, { category }) => (category === undefined ? count : count + 1), 0),
    estimatedAt: standing.findLast(({ estimatedAt }) => estimatedAt !== undefined)?.estimatedAt ?? null,
    trail: full ? withoutOldest(trail, reached) : trail,
    retracted,
    forgotten: full ? forgotten + 1 : forgotten,
  };
};

/** True for an event that was taken back, and for an earlier version of what was said anew: neither counts any more. */
export const isTakenBack = (
  { trail, retracted }: Pick<Progress, 'trail' | 'retracted'>,
  id: string,
): boolean =>
  retracted.some((taken) => takesBack(taken, id)) ||
  (threadOf(id) !== null && trail.some((other) => overrides(other.id, id)));

const reachedBy = (events: readonly Heard[], steps: readonly PlanStep[]): Record<string, Reached> => {
  const reached: Record<string, Reached> = {};
  const unnamed: Heard[] = [];
  for (const heard of events) {
    if (heard.milestone === undefined || !steps.some(({ key }) => key === heard.milestone))
      unnamed.push(heard);
    else reached[heard.milestone] ??= { at: heard.at, eventId: heard.id };
  }
  for (const { id, at, status, leg } of unnamed) {
    const open = steps.find(
      (step) =>
        reached[step.key] === undefined &&
        fulfils(status, step, leg !== undefined) &&
        (leg === undefined || leg === step.leg),
    );
    if (open !== undefined) reached[open.key] = { at, eventId: id };
  }
  return reached;
};

/** A hub's delivery is one only where the event names the leg; a bare `delivered` is the end. */
const fulfils = (status: Status, { kind }: PlanStep, legKnown: boolean): boolean => {
  switch (status) {
    case 'picked_up':
      return kind === 'pickup';
    case 'departed':
      return kind === 'departure';
    case 'arrived':
      return kind === 'arrival';
    case 'delivered':
      return kind === 'delivery' || (legKnown && kind === 'hub_delivery');
    default:
      return false;
  }
};

const latestOf = (reached: Readonly<Record<string, Reached>>): string | null => {
  let latest: string | null = null;
  let latestAt = -Infinity;
  for (const [key, { at }] of Object.entries(reached)) {
    if (at < latestAt) continue;
    latest = key;
    latestAt = at;
  }
  return latest;
};

const withoutOldest = (trail: readonly Heard[], reached: Readonly<Record<string, Reached>>): Heard[] => {
  const fulfilling = new Set(Object.values(reached).map(({ eventId }) => eventId));
  const oldest = trail.findIndex(({ id, category }) => category === undefined && !fulfilling.has(id));
  return trail.filter((_, index) => index !== Math.max(oldest, 0));
};

/**
 * Delay of the shipment by what it has reached, whatever the time: the cumulative delay of its latest
 * milestones carried to the end. Departed 40 min late, nothing since → 40.
 */
export const delayMin = (plan: ShipmentPlan, progress: Progress): number =>
  pathDelayMin(plan, legDelays(plan, progress, -Infinity));

/**
 * When it will be delivered if from here on all goes as planned: the latest delay carried over the remaining
 * planned time, and never before `now`. Planned 18:00, departed 40 min late → 18:40. Delivered → when it was.
 */
export const expectedArrival = (plan: ShipmentPlan, progress: Progress, now: number): number => {
  const { steps, endsAt } = planShape(plan);
  const end = steps.findLast(({ kind }) => kind === 'delivery') ?? steps.at(-1);
  const delivered = end === undefined ? undefined : progress.reached[end.key];
  if (delivered !== undefined) return delivered.at;
  return Math.max(now, endsAt + pathDelayMin(plan, legDelays(plan, progress, now)) * 60_000);
};
