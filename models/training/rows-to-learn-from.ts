/** Fewer shipments of the new world teach less than many of the old one, and their share of late ones is chance: ± .03 of 600. */
const FRESH_SHIPMENTS = 600;
const FRESH_OF_EACH_LABEL = 50;

interface AnyRow {
  readonly at: number;
  readonly label: number;
  readonly shipmentId?: string;
}

/** Rows since the world changed, null while they are too few to learn from: of 600 shipments, and 50 rows of each label. */
export const freshRows = <Row extends AnyRow>(
  rows: readonly Row[],
  changedAt: number,
  isOne: (row: Row) => boolean = ({ label }) => label === 1,
): readonly Row[] | null => {
  const fresh = rows.filter(({ at }) => at >= changedAt);
  const ones = fresh.filter(isOne).length;
  const shipments = new Set(fresh.map(({ shipmentId }, index) => shipmentId ?? index)).size;
  const enough = shipments >= FRESH_SHIPMENTS && Math.min(ones, fresh.length - ones) >= FRESH_OF_EACH_LABEL;
  return enough ? fresh : null;
};

/**
 * Rows since the world changed, where there are enough of them; else all. Of a world that is gone a model learns what is
 * no longer true: with 900 shipments of six days since a carrier collapsed and 3,600 of before, the 900.
 */
export const rowsToLearnFrom = <Row extends AnyRow>(
  rows: readonly Row[],
  changedAt: number | null,
  isOne?: (row: Row) => boolean,
): readonly Row[] => (changedAt === null ? rows : (freshRows(rows, changedAt, isOne) ?? rows));
