import type { Action } from './action.ts';
import type { Labelled } from './labelled.ts';
import { treatmentTypes } from './labelled.ts';

/** A decision about a treatment of a shipment, as far as labels need it. */
export interface Treatment {
  readonly actionId: string;
  readonly type: string;
  /** Log time of its first version. */
  readonly decidedAt: number;
  /** When it left the house, or a person did it; null while nothing has. */
  readonly begunAt: number | null;
  readonly withheld: boolean;
  readonly propensity: number | null;
}

const treats: ReadonlySet<string> = new Set(treatmentTypes);
const left: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain', 'confirmed']);
/** Planned or put off, but not yet decided. */
const undecided: ReadonlySet<Action['state']> = new Set(['proposed', 'awaiting_approval']);

/** The treatments after one more version of an action; the same list where it is none. */
export const treatmentsAfter = (before: readonly Treatment[], action: Action): readonly Treatment[] => {
  if (!treats.has(action.type) || action.compensates !== null) return before;
  const known = before.find(({ actionId }) => actionId === action.id);
  if (known === undefined && undecided.has(action.state)) return before;
  const treatment: Treatment = {
    actionId: action.id,
    type: action.type,
    decidedAt: known?.decidedAt ?? action.heardAt,
    begunAt: known?.begunAt ?? (left.has(action.state) ? (action.sentAt ?? action.heardAt) : null),
    withheld: action.state === 'held_out',
    propensity: action.propensity,
  };
  return [...before.filter(({ actionId }) => actionId !== action.id), treatment];
};

const byChance = ({ propensity }: Treatment): boolean =>
  propensity !== null && propensity > 0 && propensity < 1;

/**
 * What was done about a shipment after a prediction at log time `from` and before its end at `until`. Where chance
 * decided, treated is what it let go ahead, whatever became of it, for a shipment that mended itself has its like among
 * those that chance withheld. What was certain and never left, such as an action that was called off, was no treatment. The
 * propensity is that of any treatment: one step at .8 and another at .5 → 1 − .2 × .5 = .9.
 */
export const treatedBetween = (
  treatments: readonly Treatment[],
  from: number,
  until: number,
): Pick<Labelled, 'treatments' | 'treated' | 'holdOut' | 'propensity'> => {
  const decided = treatments.filter(
    ({ decidedAt, begunAt }) => (begunAt ?? decidedAt) >= from && decidedAt < until,
  );
  const begun = decided
    .filter(({ begunAt }) => begunAt !== null && begunAt < until)
    .toSorted((a, b) => a.begunAt! - b.begunAt! || (a.actionId < b.actionId ? -1 : 1));
  const chances = decided.filter(byChance);
  const isCertain = begun.some(({ propensity }) => propensity === 1);
  const spared = chances.reduce((all, { propensity }) => all * (1 - propensity!), 1);
  return {
    treatments: begun.map(({ actionId, type, begunAt }) => ({ actionId, type, at: begunAt! })),
    treated: begun.length > 0 || chances.some(({ withheld }) => !withheld),
    holdOut: decided.some(({ withheld }) => withheld),
    propensity: decided.some(({ propensity }) => propensity === null) ? null : isCertain ? 1 : 1 - spared,
  };
};
