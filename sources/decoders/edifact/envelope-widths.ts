import type { Segment } from './segment.ts';

/**
 * Greatest widths of the elements of envelope segments (ISO 9735-1 and -2, the wider of syntax versions 1 to 4). What does
 * not fit has swallowed something else, and is told as a failure with its bytes.
 */
const widths: Readonly<Record<string, { readonly atLeast: number; readonly each: readonly number[] }>> = {
  UNB: { atLeast: 4, each: [0, 8, 35, 35, 8, 14, 14, 14, 1, 1, 35, 1] },
  UNG: { atLeast: 2, each: [0, 6, 35, 35, 8, 14, 3, 14, 14] },
  UNH: { atLeast: 2, each: [0, 14, 14, 35, 3, 14, 14, 14] },
  UNT: { atLeast: 1, each: [0, 10, 14] },
  UNE: { atLeast: 1, each: [0, 6, 14] },
  UNZ: { atLeast: 1, each: [0, 6, 14] },
};
/** Composites of an envelope segment have at most seven components (S009). */
const MAX_COMPONENTS = 7;

/** Whether an envelope segment can be what it says it is. */
export const fits = (segment: Segment): boolean => {
  const rule = widths[segment.tag];
  if (rule === undefined || segment.length <= rule.atLeast || segment.length > rule.each.length) return false;
  if (segment.tag === 'UNH' && !/^[A-Z]{6}$/i.test(segment.value(2))) return false;
  for (let i = 1; i < segment.length; i += 1)
    if (!segment.isWithin(i, MAX_COMPONENTS, rule.each[i] ?? 0)) return false;
  return true;
};
