/**
 * Values of a parsed document, JSON or XML alike, by a path of names. A list counts as each of its elements, so that an
 * XML element that comes once and one that comes thrice are read by the same path. The empty path is the value itself.
 * `{ a: [{ b: 1 }, { b: [2, 3] }] }` by `a.b` → 1, 2, 3.
 */
export const valuesAt = (root: unknown, path: string): readonly unknown[] => {
  let values = flat([root]);
  if (path === '') return values;
  for (const name of path.split('.')) {
    const next: unknown[] = [];
    for (const value of values) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) continue;
      next.push(Reflect.get(value, name));
    }
    values = flat(next);
  }
  return values;
};

const flat = (values: readonly unknown[]): unknown[] =>
  values.flatMap((value) => (Array.isArray(value) ? flat(value) : [value]));

/** The first text or number at the path that is not empty; null where there is none. */
export const textAt = (root: unknown, path: string): string | null => {
  for (const value of valuesAt(root, path)) {
    const text = textOf(value);
    if (text !== null) return text;
  }
  return null;
};

/** The first that is there, of several paths in the order of their preference. */
export const firstText = (root: unknown, paths: readonly string[]): string | null => {
  for (const path of paths) {
    const text = textAt(root, path);
    if (text !== null) return text;
  }
  return null;
};

/** An XML element with attributes has its text beside them. */
const textOf = (value: unknown): string | null => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  return typeof value === 'object' && value !== null && '#text' in value ? textOf(value['#text']) : null;
};
