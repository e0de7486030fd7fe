import { type Feature, featuresFrom } from './feature.ts';
import { milestoneKinds } from './shipment-plan.ts';

const minuteMs = 60_000;
const feature = featuresFrom({ from: ['plans', 'tracking'], over: 'as of' });

/** How far a shipment has come. */
export const stageFeatures: readonly Feature[] = [
  feature(
    'milestones_reached',
    'count',
    'Milestones of the plan reached so far.',
    (_, { taken }) => taken.length,
  ),
  feature(
    'milestones_open',
    'count',
    'Milestones of the plan still to come.',
    (_, { taken, shape }) => shape.steps.length - taken.length,
  ),
  feature(
    'last_kind',
    'code',
    'Kind of the last milestone, 0 pickup to 4 delivery.',
    (_, { last }) => (last === null ? NaN : milestoneKinds.indexOf(last.step.kind)),
    { type: 'ordinal' },
  ),
  feature('on_last_leg', 'flag', '1 once a leg that nothing waits for has begun.', (_, { leg, shape }) =>
    shape.legs[leg]?.last === true ? 1 : 0,
  ),
  feature(
    'last_leg_steps',
    'count',
    'Milestones reached on the legs that nothing waits for.',
    (_, { taken, shape }) => taken.filter(({ step }) => shape.legs[step.leg]?.last === true).length,
  ),
  feature('legs', 'count', 'Legs of the plan.', (_, { shape }) => shape.legs.length),
  feature(
    'legs_open',
    'count',
    'Legs whose last milestone is still to come.',
    (_, { delays }) => delays.filter(({ done }) => !done).length,
  ),
  feature('elapsed', 'min', 'Since the plan was made.', ({ plan, now }) => (now - plan.at) / minuteMs),
  feature(
    'to_promise',
    'min',
    'Left until the promise; negative once it has passed.',
    ({ plan, now }) => (plan.promisedAt - now) / minuteMs,
  ),
];
