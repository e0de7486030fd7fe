import { type Hazard, type HazardMessage, messagesAbout, severityRank } from './hazard.ts';
import type { PortStatus } from './port-status.ts';
import type { PlanStep } from './plan-shape.ts';
import { delayMin, isTakenBack, type Progress } from './progress.ts';
import type { PlanLeg, ShipmentPlan } from './shipment-plan.ts';

/** A shipment on its way: its plan and how far it has come. */
export interface Moving {
  readonly plan: ShipmentPlan;
  readonly progress: Progress;
  /** Id of what was heard last: an event's, or the plan's. */
  readonly trigger: string;
  /** Whether that reached a milestone, corrected or took back one, or was the plan. */
  readonly advanced: boolean;
  readonly ended: boolean;
  /** Log time at which anything was heard of it last: an event, or its first plan. */
  readonly heardAt: number;
  /** How long the milestone that was reached had been awaited; null where none was, or it was not the next one. */
  readonly gap: { readonly step: PlanStep; readonly gapMin: number } | null;
}

const ends = new Set(['delivered', 'returned', 'cancelled']);

/** Called off, or gone on as another shipment. Plans that were logged before merging was known have no `mergedInto`. */
export const isCalledOff = ({ cancelled, mergedInto }: ShipmentPlan): boolean =>
  cancelled || (mergedInto ?? null) !== null;

export const hasEnded = (plan: ShipmentPlan, progress: Progress): boolean =>
  isCalledOff(plan) ||
  progress.trail.some(({ id, status }) => ends.has(status) && !isTakenBack(progress, id));

/** Legs that are not yet over, with the times at which they are now expected to begin and end. */
export const remainingLegs = ({
  plan,
  progress,
}: Pick<Moving, 'plan' | 'progress'>): readonly {
  readonly leg: PlanLeg;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}[] => {
  const late = Math.max(0, delayMin(plan, progress)) * 60_000;
  const lastDone = plan.milestones.reduce(
    (last, milestone) =>
      (milestone.kind === 'arrival' || milestone.kind === 'hub_delivery') &&
      progress.reached[milestone.key] !== undefined
        ? Math.max(last, milestone.leg)
        : last,
    -1,
  );
  return plan.legs.flatMap((leg, index) =>
    index <= lastDone ? [] : [{ leg, index, from: leg.departAt + late, to: leg.arriveAt + late }],
  );
};

export const remainingZones = (moving: Pick<Moving, 'plan' | 'progress'>): readonly string[] =>
  [...new Set(remainingLegs(moving).flatMap(({ leg }) => leg.zones))].sort();

export const remainingPorts = (moving: Pick<Moving, 'plan' | 'progress'>): readonly string[] =>
  [...new Set(remainingLegs(moving).flatMap(({ leg }) => (leg.port === null ? [] : [leg.port])))].sort();

/** A port on the way: the leg that ends in it, when the goods are expected there, and whether they have come. */
export interface PortAhead {
  readonly port: string;
  readonly leg: number;
  readonly expectedAt: number;
  readonly isThere: boolean;
}

/** Ports that the goods have still to leave: who has come to one waits there as well. */
export const portsToLeave = ({ plan, progress }: Pick<Moving, 'plan' | 'progress'>): readonly PortAhead[] => {
  const lateMs = Math.max(0, delayMin(plan, progress)) * 60_000;
  const reached = plan.milestones.filter(({ key }) => progress.reached[key] !== undefined);
  const begun = reached.reduce((last, { leg }) => Math.max(last, leg), -1);
  return plan.legs.flatMap(({ port, arriveAt }, leg) => {
    if (port === null || leg < begun) return [];
    const isThere = reached.some((one) => one.leg === leg && one.kind === 'arrival');
    return [{ port, leg, expectedAt: arriveAt + lateMs, isThere }];
  });
};

export const remainingCorridors = (moving: Pick<Moving, 'plan' | 'progress'>): readonly string[] =>
  [...new Set(remainingLegs(moving).flatMap(({ leg }) => leg.corridors ?? []))].sort();

/** The first leg whose expected time meets a hazard in one of its zones, with what is said of these; null when none does. */
export const legInHazard = (
  moving: Pick<Moving, 'plan' | 'progress'>,
  hazard: Hazard,
): { readonly index: number; readonly met: readonly HazardMessage[] } | null => {
  for (const { leg, index, from, to } of remainingLegs(moving)) {
    const met = messagesAbout(hazard, leg.zones).filter(
      ({ onsetAt, endsAt }) => from < endsAt && to > onsetAt,
    );
    if (met.length > 0) return { index, met };
  }
  return null;
};

/** What the weather ahead amounts to: the worst severity as a rank and how many hazards. */
export const weatherAhead = (moving: Pick<Moving, 'plan' | 'progress'>, hazards: readonly Hazard[]) => {
  const met = hazards.flatMap((hazard) => legInHazard(moving, hazard) ?? []);
  return {
    severity: met
      .flatMap((one) => one.met)
      .reduce((worst, { severity }) => Math.max(worst, severityRank[severity]), 0),
    count: met.length,
  };
};

/** Dwell of the worst port ahead against what is usual there; NaN when no port that we know of lies ahead. */
export const portAhead = (
  moving: Pick<Moving, 'plan' | 'progress'>,
  known: readonly PortStatus[],
): number => {
  const ahead = remainingPorts(moving);
  return known
    .filter((status) => ahead.includes(status.port) && status.usualDwellHours > 0)
    .reduce(
      (worst, status) =>
        Math.max(Number.isNaN(worst) ? 0 : worst, status.dwellHours / status.usualDwellHours),
      NaN,
    );
};

/** Kind of the last milestone reached, or `plan` before the first. */
export const stageOf = (plan: ShipmentPlan, progress: Progress): string =>
  plan.milestones.find((milestone) => milestone.key === progress.lastMilestone)?.kind ?? 'plan';
