/**
 * The segment that begins the content of a set, of which there is exactly one: it names the shipment. No set that we read has
 * that of another one inside, so wherever one is found in a foreign set, the end of one transaction and the ST of the next were lost
 * between them. A 322 has none: its Q5 may stand anywhere and come again.
 */
export const firstOf: Readonly<Record<string, string>> = {
  '204': 'B2',
  '214': 'B10',
  '315': 'B4',
  '856': 'BSN',
  '990': 'B1',
};

export const firstSegments: ReadonlySet<string> = new Set(Object.values(firstOf));

/**
 * Greatest widths of their elements, the widest of the releases from 004010 to 008040: those of B1, B2 and the first six of B10 by
 * https://stedi.com/edi/x12-004010/segment/B10 and its like, the others from memory and on the wide side. What does not fit has swallowed part of another: where two sets ran together within their first segments, the
 * end of one, its SE and the ST of the next are lost, and with equal control numbers nothing else shows it.
 */
const widths: Readonly<Record<string, readonly number[]>> = {
  B10: [80, 30, 4, 3, 3, 80, 1, 8, 8, 2],
  B2: [2, 4, 9, 80, 1, 2, 1, 3, 1, 2, 3, 2],
  B4: [3, 3, 2, 8, 8, 5, 4, 15, 2, 4, 30, 2, 1],
  BSN: [2, 80, 8, 8, 4, 2, 3],
  B1: [4, 80, 8, 1, 1, 3],
};

/** Whether the first segment of a set, cut with its id before, has no more and no wider elements than it may; empty ones at its end are none. */
export const isFirstSegment = (elements: readonly string[]): boolean => {
  const [id = ''] = elements;
  const widest = widths[id] ?? [];
  return elements.every((value, i) => i === 0 || value.trim().length <= (widest[i - 1] ?? 0));
};
