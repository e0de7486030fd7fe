/** When the newest row was seen that a version has learned from; null where its card does not say. */
export const learnedUntilOf = (card: unknown): number | null =>
  typeof card === 'object' && card !== null && 'until' in card && typeof card.until === 'number'
    ? card.until
    : null;
