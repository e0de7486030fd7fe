import type { EndedRow } from './ended-row.ts';

/** Shipments that a category must have had before anything is said of its risk. */
export const LEAST_OF_CATEGORY = 20;

/** A category and the shipments in which it came to pass, most of them first. */
export interface SeenCategory {
  readonly category: string;
  readonly shipments: number;
}

/** Of categories that may be predicted; lateness has a model of its own, and every late shipment has it. */
export const seenCategories = (
  rows: readonly Pick<EndedRow, 'shipmentId' | 'happened'>[],
  predictable: readonly string[],
): readonly SeenCategory[] => {
  const shipments = new Map(
    predictable.filter((category) => category !== LATENESS).map((category) => [category, new Set<string>()]),
  );
  for (const { shipmentId, happened } of rows)
    for (const category of happened) shipments.get(category)?.add(shipmentId);
  return [...shipments]
    .map(([category, of]) => ({ category, shipments: of.size }))
    .sort((left, right) => right.shipments - left.shipments || (left.category < right.category ? -1 : 1));
};

/** Whether a family is one of these, or a category that may be predicted and came to pass often enough. */
export const wantedOf = (
  judged: string,
  predictable: readonly string[],
  byCategory: Readonly<Record<string, number>>,
): readonly string[] =>
  familiesOf(
    judged,
    predictable.flatMap((category) =>
      category === LATENESS ? [] : [{ category, shipments: byCategory[category] ?? 0 }],
    ),
  );

const LATENESS = 'delay';

/** Names of the models for which there is something to learn from, the judged one first. */
export const familiesOf = (judged: string, seen: readonly SeenCategory[]): readonly string[] => [
  judged,
  'eta',
  'cause',
  ...seen.flatMap(({ category, shipments }) => (shipments < LEAST_OF_CATEGORY ? [] : [`risk-${category}`])),
];
