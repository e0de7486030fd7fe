import type { Place } from './geography.ts';
import type { HappeningKind } from './happenings.ts';
import type { CauseTruth, Journey, Step, TrueCause } from './shipment.ts';

interface StepDetails {
  readonly milestone?: string;
  readonly shows?: CauseTruth | null;
  readonly estimatedAt?: number;
  readonly silent?: boolean;
}

/** A journey while it is worked out: what happens on the way, and what is to blame for lost time. */
export class JourneyDraft {
  readonly #steps: Step[] = [];
  readonly #causes: CauseTruth[] = [];

  step(kind: HappeningKind, at: number, leg: number, place: Place, details: StepDetails = {}): void {
    this.#steps.push({
      kind,
      at: Math.round(at),
      leg,
      place,
      milestone: details.milestone ?? null,
      shows: details.shows ?? null,
      estimatedAt: details.estimatedAt ?? null,
      silent: details.silent ?? false,
    });
  }

  blame(
    cause: TrueCause,
    leg: number,
    at: number,
    minutes: number,
    visibleAt: number | null = null,
  ): CauseTruth {
    const truth = { cause, leg, at: Math.round(at), minutes: Math.round(minutes), visibleAt };
    this.#causes.push(truth);
    return truth;
  }

  /** The journey with its last step, which ends it. */
  end(
    result: Journey['result'],
    kind: HappeningKind,
    at: number,
    leg: number,
    place: Place,
    details: StepDetails = {},
  ): Journey {
    const before = this.#steps.filter((step) => step.at <= at).sort((a, b) => a.at - b.at);
    this.#steps.length = 0;
    this.step(kind, at, leg, place, details);
    return { steps: [...before, ...this.#steps], causes: this.#causes, result, endedAt: Math.round(at) };
  }
}
