import { causes } from '../../domain/codes.ts';
import type { TrainingRow } from '../training/training-rows.ts';
import type { EndedRow } from './ended-row.ts';
import type { Family } from './family.ts';

export interface FamilyRows {
  readonly rows: readonly TrainingRow[];
  /** Names of the labels of causes; none of another family. */
  readonly classes: readonly string[];
}

/** Late shipments that a cause must have had for a class of its own; what is rarer is `other`. */
export const LEAST_OF_CAUSE = 20;
/** Why nobody can tell, so that nobody can learn it. */
const untold = new Set(['none', 'unknown', 'unmapped']);
/** Whether somebody told why. */
export const isToldCause = (cause: string): boolean => !untold.has(cause);

/**
 * The rows that a family learns from, with its label: whether it was late; minutes after the expected arrival; the number of
 * the cause, of those late for a known one; whether the category was detected afterwards.
 */
export const rowsOfFamily = (family: Family, rows: readonly EndedRow[]): FamilyRows => {
  switch (family.kind) {
    case 'late':
      return { rows, classes: [] };
    case 'eta':
      return {
        rows: rows.flatMap((row) =>
          row.afterExpectedMin === null ? [] : [{ ...row, label: row.afterExpectedMin }],
        ),
        classes: [],
      };
    case 'cause': {
      const told = rows.filter(({ label, cause }) => label === 1 && isToldCause(cause));
      const classes = classesOf(told);
      return { rows: told.map((row) => ({ ...row, label: classIn(classes, row.cause) })), classes };
    }
    case 'category': {
      const { category } = family;
      return {
        rows: rows.map((row) => ({ ...row, label: row.happened.includes(category) ? 1 : 0 })),
        classes: [],
      };
    }
  }
};

/** Number of the cause among the classes, that of `other` for one that is not among them; −1 where there is no other. */
export const classIn = (classes: readonly string[], cause: string): number => {
  const at = classes.indexOf(cause);
  return at >= 0 ? at : classes.indexOf(OTHER);
};

/** The class that speaks for a cause: its own, or `other`. */
export const causeIn = (classes: readonly string[], cause: string): string | undefined =>
  classes[classIn(classes, cause)];

const OTHER = 'other';

/** In the order of the closed list, so that the same causes are the same classes. */
const classesOf = (rows: readonly EndedRow[]): readonly string[] => {
  const shipments = new Map<string, Set<string>>();
  for (const { cause, shipmentId } of rows) {
    const of = shipments.get(cause) ?? new Set<string>();
    shipments.set(cause, of.add(shipmentId));
  }
  const isFrequent = (cause: string): boolean => (shipments.get(cause)?.size ?? 0) >= LEAST_OF_CAUSE;
  const isOther = [...shipments.keys()].some((cause) => cause === OTHER || !isFrequent(cause));
  return causes.filter((cause) => (cause === OTHER ? isOther : isFrequent(cause)));
};
