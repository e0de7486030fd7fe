/** Words are bands of the 0 to 100 scale, lower bound included: 80 → critical, 79.9 → high. */
const bands = [
  { from: 80, word: 'critical' },
  { from: 60, word: 'high' },
  { from: 40, word: 'medium' },
  { from: 20, word: 'low' },
] as const;

export type SeverityBand = (typeof bands)[number]['word'] | 'info';

export const bandOf = (severity: number): SeverityBand =>
  bands.find(({ from }) => severity >= from)?.word ?? 'info';
