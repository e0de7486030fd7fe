/** Late shipments, and how many would have been late in ordinary times; both fade. Plain data. */
export interface DecayedSums {
  at: number;
  late: number;
  expected: number;
}

/** Brings the sums to a later time: after one half-life half of them is left. Changes them in place. */
export const fade = (sums: DecayedSums, at: number, halfLifeMs: number): DecayedSums => {
  if (at <= sums.at) return sums;
  const kept = 2 ** ((sums.at - at) / halfLifeMs);
  sums.late *= kept;
  sums.expected *= kept;
  sums.at = at;
  return sums;
};

export const noSums = (): DecayedSums => ({ at: Number.MIN_SAFE_INTEGER, late: 0, expected: 0 });
