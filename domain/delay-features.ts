import { type Feature, featuresFrom, maxOrNaN, sumOrNaN } from './feature.ts';
import type { Journey, StepTaken } from './journey.ts';
import { expectedArrival } from './progress.ts';
import { milestoneKinds, type PlanMilestone } from './shipment-plan.ts';

const minuteMs = 60_000;
const feature = featuresFrom({ from: ['plans', 'tracking'], over: 'as of' });

const lateBy = ({ at, step }: StepTaken): number => (at - step.plannedAt) / minuteMs;

const overTime = ({ tookMin, step }: StepTaken): number => tookMin - step.plannedMs / minuteMs;

const waiting = ({ shape, delays }: Journey) =>
  delays.filter(({ done }, leg) => !done && shape.legs[leg]?.last === false);

const byKind = (kind: PlanMilestone['kind']): readonly Feature[] => [
  feature(`took_${kind}`, 'min', `Time that the ${kind} steps took so far.`, (_, { taken }) =>
    sumOrNaN(
      taken,
      ({ step }) => step.kind === kind,
      ({ tookMin }) => tookMin,
    ),
  ),
  feature(`over_${kind}`, 'min', `Time that the ${kind} steps took beyond plan.`, (_, { taken }) =>
    sumOrNaN(taken, ({ step }) => step.kind === kind, overTime),
  ),
];

/** How late it is, where, and since when. */
export const delayFeatures: readonly Feature[] = [
  feature('delay', 'min', 'Cumulative delay carried to the end.', (_, { pathDelayMin }) => pathDelayMin),
  feature(
    'overdue_delay',
    'min',
    'Cumulative delay with what is overdue by now.',
    (_, { overduePathMin }) => overduePathMin,
  ),
  feature(
    'margin',
    'min',
    'Promise minus expected arrival.',
    ({ plan, progress, now }) => (plan.promisedAt - expectedArrival(plan, progress, now)) / minuteMs,
  ),
  feature('milestone_delay', 'min', 'Delay of the latest milestone.', (_, { last }) =>
    last === null ? NaN : lateBy(last),
  ),
  feature('milestone_over', 'min', 'What the latest step took beyond plan.', (_, { last }) =>
    last === null ? NaN : overTime(last),
  ),
  feature('leg_delay_max', 'min', 'Delay of the latest leg.', (_, { delays }) =>
    maxOrNaN(delays.map(({ delayMin }) => delayMin)),
  ),
  feature(
    'leg_delay_min',
    'min',
    'Delay of the earliest leg.',
    (_, { delays }) => -maxOrNaN(delays.map(({ delayMin }) => -delayMin)),
  ),
  feature('step_over_max', 'min', 'What the worst step took beyond plan.', (_, { taken }) =>
    maxOrNaN(taken.map(overTime)),
  ),
  feature(
    'legs_waiting',
    'count',
    'Feeding legs that are not in yet.',
    (_, journey) => waiting(journey).length,
  ),
  feature('waiting_overdue', 'min', 'The most that a feeding leg not in yet is overdue.', (_, journey) =>
    waiting(journey).reduce((most, { overdueMin }) => Math.max(most, overdueMin), 0),
  ),
  feature('waiting_delay', 'min', 'Delay of the latest feeding leg that is not in yet.', (_, journey) =>
    maxOrNaN(waiting(journey).map(({ delayMin }) => delayMin)),
  ),
  feature('inbound_delay', 'min', 'Delay that the feeding legs hand to the last one.', (_, journey) => {
    const last = journey.shape.legs.findLast((leg) => leg.last);
    return last === undefined || last.feeders.length === 0
      ? NaN
      : (journey.delays[last.index]?.inboundMin ?? NaN);
  }),
  ...milestoneKinds.flatMap(byKind),
];
