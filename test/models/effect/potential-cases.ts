import type { Tier } from '../../../domain/codes.ts';
import { createCustomers } from '../../../sources/simulated/customers.ts';
import type { HappeningKind } from '../../../sources/simulated/happenings.ts';
import type { Surroundings } from '../../../sources/simulated/journey.ts';
import { OpenShipment } from '../../../sources/simulated/open-shipment.ts';
import { planShipment } from '../../../sources/simulated/plan-shipment.ts';
import { Random } from '../../../sources/simulated/random.ts';
import type { Journey, Shipment, Step } from '../../../sources/simulated/shipment.ts';
import { createWeather, slotOf, type Weather } from '../../../sources/simulated/weather.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const startAt = Date.UTC(2026, 0, 5);

/**
 * Carriers, lanes, ports and customers are those of all worlds, as a company has the same ones next quarter; shipments,
 * their luck and the weather are a world's own. So all worlds are draws from one law, which is what an interval that
 * speaks of the long run is about.
 */
const LAW = 7;
const STRETCH_MS = 10 * dayMs;
/** Above any number of shipments in a world, so that no two worlds share a shipment's luck. */
const NUMBERS_PER_WORLD = 100_000;

/** How a shipment ended, or would have. */
export interface Ending {
  readonly breached: boolean;
  readonly minutesLate: number | null;
}

/** A shipment at the moment when its trouble is heard of and a playbook decides, with both its endings. */
export interface PotentialCase {
  readonly shipmentId: string;
  /** The front that it met; null where it stands alone. */
  readonly causeId: string | null;
  readonly tier: Tier;
  readonly contents: Shipment['contentsClass'];
  readonly valueMinor: number;
  readonly leadTimeMin: number;
  /** What a model that sees only part of it would have said: noisy on purpose. */
  readonly probability: number;
  readonly severity: number;
  readonly untouched: Ending;
  readonly expedited: Ending;
  /** The customer asks when this is below the chance that lateness and silence give. */
  readonly patience: number;
  /** The luck of whoever decides; the same policy meets the same each time. */
  readonly dice: (policy: string) => Random;
}

/** Troubles on the way, of which a document tells; at the door nothing can be hastened any more. */
const troubles: ReadonlySet<HappeningKind> = new Set([
  'missedPickup',
  'slowProcessing',
  'missort',
  'customs',
  'stormbound',
  'breakdown',
  'traffic',
]);

const endingOf = (shipment: Shipment, { result, endedAt }: Journey): Ending => ({
  breached: result !== 'delivered' || endedAt > shipment.promisedAt,
  minutesLate: result === 'delivered' ? (endedAt - shipment.promisedAt) / minuteMs : null,
});

/** The front at the place and time of a trouble, as an alert for that place would name it. */
const frontAt = (weather: Weather, shipment: Shipment, trouble: Step): string | null => {
  const at = trouble.shows?.at ?? trouble.at;
  const along = shipment.legs[trouble.leg]?.road.waypoints.map(({ place }) => place) ?? [];
  for (const places of [[trouble.place], along]) {
    for (let slot = slotOf(at) - 5; slot <= slotOf(at); slot += 1) {
      const front = weather
        .frontsOf(slot)
        .find(({ cells }) =>
          cells.some(({ place, from, to }) => places.includes(place) && at >= from && at < to),
        );
      if (front !== undefined) return `weather:${front.id}`;
    }
  }
  return null;
};

const tierPoints: { readonly [tier in Tier]: number } = { standard: 0, priority: 10, guaranteed: 20 };

const caseOf = (world: Surroundings, shipment: Shipment): PotentialCase | undefined => {
  const open = new OpenShipment(shipment, world);
  const trouble = open.journey.steps.find(({ kind, silent }) => troubles.has(kind) && !silent);
  const decidedAt = (trouble?.at ?? 0) + 15 * minuteMs;
  if (trouble === undefined || decidedAt >= shipment.promisedAt) return undefined;
  for (let step = open.nextStep; step !== undefined && step.at <= decidedAt; step = open.nextStep)
    open.take(step);

  const luck = new Random(world.seed, 'decision', shipment.number);
  const heardMin = (trouble.shows?.minutes ?? 0) * Math.exp(0.5 * luck.normal());
  const slackMin = (shipment.promisedAt - shipment.deliveryAt) / minuteMs;
  const probability = 1 / (1 + Math.exp(-(heardMin - slackMin) / 200 - 0.6 * luck.normal()));
  if (probability < 0.12) return undefined;
  const value = Math.min(15, 3 * Math.log10(1 + shipment.valueMinor / 10_000));
  open.act({ id: shipment.id, type: 'expedite', shipmentId: shipment.id }, world, decidedAt);
  return {
    shipmentId: shipment.id,
    causeId: trouble.kind === 'stormbound' ? frontAt(world.weather, shipment, trouble) : null,
    tier: shipment.tier,
    contents: shipment.contentsClass,
    valueMinor: shipment.valueMinor,
    leadTimeMin: (shipment.promisedAt - decidedAt) / minuteMs,
    probability,
    severity: Math.round(20 + 50 * probability + tierPoints[shipment.tier] + value),
    untouched: endingOf(shipment, open.untouched),
    expedited: endingOf(shipment, open.journey),
    patience: luck.next(),
    dice: (policy) => new Random(world.seed, 'policy', policy, shipment.number),
  };
};

/** The cases of one seeded world: each shipment's journey is plotted with and without the action, under the same luck. */
export const potentialCases = (seed: number, shipments: number): readonly PotentialCase[] => {
  const world: Surroundings = { seed: LAW, weather: createWeather(seed), collapse: null };
  const customers = createCustomers(LAW);
  const cases: PotentialCase[] = [];
  for (let i = 1; i <= shipments; i += 1) {
    const number = seed * NUMBERS_PER_WORLD + i;
    const createdAt = startAt + Math.floor((i / shipments) * STRETCH_MS);
    const found = caseOf(world, planShipment(number, createdAt, customers, new Random(LAW, 'order', number)));
    if (found !== undefined) cases.push(found);
  }
  return cases;
};
