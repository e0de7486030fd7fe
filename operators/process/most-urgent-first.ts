import type { Key } from '../../runtime/item.ts';

/** Keys by how urgent they are, the most urgent first; equally urgent ones stay in their order. a 1, b 9, c 1 → b, a, c. */
export const mostUrgentFirst = (keys: readonly Key[], urgencyOf: (key: Key) => number): readonly Key[] => {
  const byUrgency = new Map<number, Key[]>();
  for (const key of keys) {
    const urgency = urgencyOf(key);
    const others = byUrgency.get(urgency);
    if (others === undefined) byUrgency.set(urgency, [key]);
    else others.push(key);
  }
  return [...byUrgency].sort(([a], [b]) => b - a).flatMap(([, equal]) => equal);
};
