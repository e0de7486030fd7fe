/** `entries` without the one of this key. */
export const without = <T>(
  entries: Readonly<Record<string, T>>,
  key: string,
): Readonly<Record<string, T>> => {
  const { [key]: _, ...left } = entries;
  return left;
};
