export const severities = ['extreme', 'severe', 'moderate', 'minor', 'unknown'] as const;
export const certainties = ['observed', 'likely', 'possible', 'unlikely', 'unknown'] as const;

/** CAP's words in lower case; CAP 1.0's `Very Likely` and anything new are `unknown`. */
export const wordOf = <W extends string>(
  words: readonly W[],
  text: string | null | undefined,
): W | 'unknown' => words.find((word) => word === text?.toLowerCase()) ?? 'unknown';
