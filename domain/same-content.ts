/** What a new version has anyway; the rest is what it says. */
const bookkeeping: ReadonlySet<string> = new Set(['version', 'at', 'heardAt', 'changedBy', 'changedRef']);

const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)))
  );
};

/** Whether two versions of one plain entity say the same: then the later one is no news. */
export const sameContent = <T extends object>(a: T, b: T): boolean =>
  a === b ||
  Object.keys(a).every((key) => bookkeeping.has(key) || same(Reflect.get(a, key), Reflect.get(b, key)));
