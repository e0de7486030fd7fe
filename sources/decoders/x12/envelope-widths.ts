/** Widest elements of the envelope's segments (X12.5, X12.6): what is wider has swallowed something else. */
const envelopeWidths: Readonly<Record<string, readonly number[]>> = {
  GS: [2, 15, 15, 8, 8, 9, 2, 12],
  GE: [6, 9],
  IEA: [5, 9],
  ST: [3, 9, 35],
  SE: [10, 9],
};

/** Whether an envelope segment has no more, and no wider, elements than it may. */
export const fits = (id: string, elements: readonly string[]): boolean => {
  const widths = envelopeWidths[id] ?? [];
  return (
    elements.length - 1 <= widths.length &&
    elements.every((value, i) => i === 0 || value.length <= (widths[i - 1] ?? 0))
  );
};
