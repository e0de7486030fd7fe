/** Plain data by names that come from outside, such as ids: no two such records have the same names. */
export type Entries<T> = Readonly<Record<string, T>>;

/**
 * A copy that may be changed. It has no prototype, which makes it a table in V8: a copy made with `{ ...entries }` gets
 * a shape of its own for names that nobody has used before, and costs seven times as much, more with every other one.
 */
export const copyOf = <T>(entries: Entries<T>): Record<string, T> => {
  const copy = Object.create(null) as Record<string, T>;
  for (const name in entries) copy[name] = entries[name]!;
  return copy;
};

/** The entries with one more, or one replaced. */
export const withEntry = <T>(entries: Entries<T>, name: string, entry: T): Entries<T> => {
  const copy = copyOf(entries);
  copy[name] = entry;
  return copy;
};

/** The entries without one. */
export const withoutEntry = <T>(entries: Entries<T>, gone: string): Entries<T> => {
  const copy = Object.create(null) as Record<string, T>;
  for (const name in entries) if (name !== gone) copy[name] = entries[name]!;
  return copy;
};
