/**
 * Keeps a label's values few, whatever the outside world sends: the first `size` distinct values pass, every
 * later one is counted as `other`. size 2: a, b, a, c, d → a, b, a, other, other.
 */
export const labelBudget = (size: number): ((value: string) => string) => {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= size) return 'other';
    known.add(value);
    return value;
  };
};
