/** `{ from: 1 }` → `?from=1`; nothing where there is nothing. */
export const searchOf = (values: Readonly<Partial<Record<'from' | 'to', number>>>): string => {
  const pairs = Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
};
