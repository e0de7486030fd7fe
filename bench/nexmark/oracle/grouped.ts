/** The items by what `keyOf` says of each, in their order. */
export const grouped = <T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};

/** What `answer` makes of every group. */
export const ofEachGroup = <T, K, R>(
  items: readonly T[],
  keyOf: (item: T) => K,
  answer: (group: readonly T[], key: K) => readonly R[],
): R[] => [...grouped(items, keyOf)].flatMap(([key, group]) => answer(group, key));

/** The largest number of a list that may be longer than a call can have arguments. */
export const largest = (numbers: readonly number[]): number =>
  numbers.reduce((most, number) => (number > most ? number : most), -Infinity);
