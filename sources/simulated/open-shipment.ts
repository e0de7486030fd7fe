import { type ActionTruth, missed, type TruthParts } from './truth.ts';
import { askedOf, type Look } from './asking.ts';
import { lastStageOf, plotJourney, type Surroundings } from './journey.ts';
import { Random } from './random.ts';
import type { CauseTruth, Journey, Shipment, Step } from './shipment.ts';

const minuteMs = 60_000;

/** What an executor asks the world to do. */
export interface WorldAction {
  readonly id: string;
  readonly type: string;
  readonly shipmentId: string;
  /** Of a digest: the actions that it speaks for. */
  readonly covers?: readonly { readonly actionId: string; readonly shipmentId: string }[];
}

/** Chance that an action of the kind works out at all: a seat on the next flight, a free truck, an open road. */
export const chanceByAction: Readonly<Record<string, number>> = { expedite: 0.8, rebook: 0.7, reroute: 0.6 };

/** A shipment under way: its journey as it will be, how far it has come, and what was done about it. */
export class OpenShipment implements TruthParts {
  readonly shipment: Shipment;
  readonly untouched: Journey;
  journey: Journey;
  causes: readonly CauseTruth[];
  actions: ActionTruth[] = [];
  toldAt: number | null = null;
  asked = false;
  askedUntold = false;
  /** Changes when the journey does, so that a step planned before is not taken. */
  plot = 0;
  cursor = 0;
  scans = 0;
  #stage = 0;
  #stageBegan: number;
  #isOut = false;
  #isExpedited = false;

  constructor(shipment: Shipment, world: Surroundings) {
    this.shipment = shipment;
    this.untouched = plotJourney(world, shipment, { stage: 0, at: shipment.createdAt, expedited: false });
    this.journey = this.untouched;
    this.causes = this.untouched.causes;
    this.#stageBegan = shipment.createdAt;
  }

  get nextStep(): Step | undefined {
    return this.journey.steps[this.cursor];
  }

  /** Takes the next step; true when it was the last. */
  take(step: Step): boolean {
    this.cursor += 1;
    this.scans += 1;
    if (step.kind === 'out') this.#isOut = true;
    if (step.milestone !== null) {
      this.#stage += 1;
      this.#stageBegan = step.at;
    }
    return this.cursor >= this.journey.steps.length;
  }

  /** The customer looks for its goods; true when it asks, which it does only about what is, or will be, late. */
  look(look: Look): boolean {
    if (!missed(this.shipment, this.journey)) return false;
    const { asked, askedUntold } = askedOf(look, this.toldAt);
    this.asked = asked;
    this.askedUntold = askedUntold;
    return asked;
  }

  /** Applies an action at `at`; true when the journey has changed. */
  act(action: WorldAction, world: Surroundings, at: number): boolean {
    if (action.type.startsWith('notify_')) {
      if (action.type === 'notify_customer') this.toldAt ??= at;
      this.#note(action, at, 0);
      return false;
    }
    const chance = chanceByAction[action.type];
    const random = new Random(world.seed, 'action', this.shipment.number, action.type);
    if (chance === undefined || this.#isExpedited || this.#isOut || !random.chance(chance)) {
      this.#note(action, at, 0);
      return false;
    }
    const journey = plotJourney(world, this.shipment, this.#restart(at, random));
    const savedMs = this.journey.endedAt - journey.endedAt;
    if (savedMs <= 0 || journey.result !== this.journey.result) {
      this.#note(action, at, 0);
      return false;
    }
    this.#isExpedited = true;
    this.#note(action, at, Math.round(savedMs / minuteMs));
    this.causes = [...this.causes.filter((cause) => cause.at <= at), ...journey.causes];
    this.journey = journey;
    this.cursor = 0;
    this.plot += 1;
    return true;
  }

  /** Where the journey is taken up: a stage under way keeps a part of the time that it had left. */
  #restart(at: number, random: Random): Parameters<typeof plotJourney>[2] {
    const stage = this.#stage;
    if (stage === 0 || stage >= lastStageOf(this.shipment)) return { stage, at, expedited: true };
    const ends = this.journey.steps.find((step) => step.at >= at && step.milestone !== null);
    const leftMs = Math.max(0, (ends?.at ?? at) - at);
    const isWaiting = stage % 2 === 1;
    const keptMs = Math.min(leftMs, 35 * minuteMs + leftMs * (isWaiting ? 0.3 : random.between(0.45, 0.7)));
    return { stage, at: this.#stageBegan, endsAt: Math.round(at + keptMs), expedited: true };
  }

  #note(action: WorldAction, at: number, minutesSaved: number): void {
    const { id, type } = action;
    this.actions.push({ id, type, at, effective: minutesSaved > 0, minutesSaved });
  }
}
