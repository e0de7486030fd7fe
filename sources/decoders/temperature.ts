/**
 * Degrees Celsius of a reading, rounded to a thousandth; null for a unit that is no temperature. Units by UN/ECE
 * Recommendation 20: CEL, FAH, KEL. 14 FAH → −10 · 253.15 KEL → −20.
 */
export const celsiusOf = (value: number | null, unit: string | null): number | null => {
  if (value === null || !Number.isFinite(value)) return null;
  switch (unit?.toUpperCase()) {
    case 'CEL':
      return rounded(value);
    case 'FAH':
      return rounded(((value - 32) * 5) / 9);
    case 'KEL':
      return rounded(value - 273.15);
    default:
      return null;
  }
};

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
