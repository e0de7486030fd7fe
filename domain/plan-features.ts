import { modes } from './codes.ts';
import { type Feature, featuresFrom, sumOrNaN } from './feature.ts';
import type { Journey } from './journey.ts';
import { milestoneKinds, type PlanMilestone } from './shipment-plan.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const feature = featuresFrom({ from: ['plans'], over: 'as of' });
const remaining = featuresFrom({ from: ['plans', 'tracking'], over: 'as of' });

/** A word as a stable number from 0 to 1023 (FNV-1a, 32 bits, its lowest ten). */
export const codeOf = (word: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  return hash & 1023;
};

const isLast = (shape: Journey['shape'], leg: number): boolean => shape.legs[leg]?.last === true;

const isOpen = ({ taken }: Journey): ((step: { readonly key: string }) => boolean) => {
  const keys = new Set(taken.map(({ step }) => step.key));
  return ({ key }) => !keys.has(key);
};

const openMin = (journey: Journey, matches: (step: Journey['shape']['steps'][number]) => boolean): number => {
  const open = isOpen(journey);
  return sumOrNaN(
    journey.shape.steps,
    (step) => matches(step) && open(step),
    ({ plannedMs }) => plannedMs / minuteMs,
  );
};

const byKind = (kind: PlanMilestone['kind']): readonly Feature[] => [
  feature(
    `planned_${kind}_last_leg`,
    'min',
    `Planned time of ${kind} on legs that nothing waits for.`,
    (_, { shape }) =>
      sumOrNaN(
        shape.steps,
        (step) => step.kind === kind && isLast(shape, step.leg),
        ({ plannedMs }) => plannedMs / minuteMs,
      ),
  ),
  feature(
    `planned_${kind}_feeders`,
    'min',
    `Planned time of ${kind} on the legs that feed others.`,
    (_, { shape }) =>
      sumOrNaN(
        shape.steps,
        (step) => step.kind === kind && !isLast(shape, step.leg),
        ({ plannedMs }) => plannedMs / minuteMs,
      ),
  ),
];

/** What was planned, and how much of it is still to come. */
export const planFeatures: readonly Feature[] = [
  feature(
    'planned_total',
    'min',
    'From the plan to its end.',
    ({ plan }, { shape }) => (shape.endsAt - plan.at) / minuteMs,
  ),
  remaining(
    'planned_remaining',
    'min',
    'From the latest milestone to the end of the plan.',
    ({ plan }, { shape, last }) => (shape.endsAt - (last?.step.plannedAt ?? plan.at)) / minuteMs,
  ),
  remaining(
    'planned_last_leg',
    'min',
    'Of the steps still to come on legs that nothing waits for.',
    (_, journey) => openMin(journey, ({ leg }) => isLast(journey.shape, leg)),
  ),
  remaining('planned_next', 'min', 'Of the step after the latest milestone.', (_, journey) => {
    const open = isOpen(journey);
    const next = journey.shape.steps.find((step) => step.leg >= Math.max(journey.leg, 0) && open(step));
    return next === undefined ? NaN : next.plannedMs / minuteMs;
  }),
  feature(
    'slack',
    'min',
    'Promise minus end of the plan.',
    ({ plan }, { shape }) => (plan.promisedAt - shape.endsAt) / minuteMs,
  ),
  feature(
    'hops',
    'count',
    'Departures of the plan.',
    (_, { shape }) => shape.steps.filter(({ kind }) => kind === 'departure').length,
  ),
  feature(
    'hops_last_leg',
    'count',
    'Departures on the legs that nothing waits for.',
    (_, { shape }) =>
      shape.steps.filter(({ kind, leg }) => kind === 'departure' && shape.legs[leg]?.last === true).length,
  ),
  ...milestoneKinds.flatMap(byKind),
  feature(
    'promise_hour',
    'hour',
    'Hour of the promise, UTC.',
    ({ plan }) => Math.floor(plan.promisedAt / hourMs) % 24,
  ),
  feature(
    'promise_day',
    'day',
    'Weekday of the promise, 0 Thursday, UTC.',
    ({ plan }) => Math.floor(plan.promisedAt / (24 * hourMs)) % 7,
  ),
  feature('mode', 'code', 'Mode of transport in the order of its list.', ({ plan }) =>
    modes.indexOf(plan.mode),
  ),
  feature('carrier', 'code', 'Carrier.', ({ plan }) => codeOf(plan.carrier)),
  feature('service', 'code', 'Service.', ({ plan }) => codeOf(plan.service)),
  feature('origin', 'code', 'Place where the first leg begins.', ({ plan }) =>
    codeOf(plan.legs[0]?.from ?? ''),
  ),
  feature('hub', 'code', 'Place where the last leg begins.', ({ plan }) =>
    codeOf(plan.legs.at(-1)?.from ?? ''),
  ),
  feature('destination', 'code', 'Place where the last leg ends.', ({ plan }) =>
    codeOf(plan.legs.at(-1)?.to ?? ''),
  ),
  feature('lane', 'code', 'Lane.', ({ plan }) => codeOf(plan.lane)),
];
