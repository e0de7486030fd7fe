/** Fewer rows of the new world teach less than many of the old one. */
const FRESH_ROWS = 500;
const FRESH_OF_EACH_LABEL = 50;

/**
 * Rows since the world changed, where there are enough of them; else all. Of a world that is gone a model learns what is
 * no longer true: with 900 rows of six days since a carrier collapsed and 3,600 of before, the 900.
 */
export const rowsToLearnFrom = <Row extends { readonly at: number; readonly label: number }>(
  rows: readonly Row[],
  changedAt: number | null,
  isOne: (row: Row) => boolean = ({ label }) => label === 1,
): readonly Row[] => {
  if (changedAt === null) return rows;
  const fresh = rows.filter(({ at }) => at >= changedAt);
  const ones = fresh.filter(isOne).length;
  const enough = fresh.length >= FRESH_ROWS && Math.min(ones, fresh.length - ones) >= FRESH_OF_EACH_LABEL;
  return enough ? fresh : rows;
};
