/** Members that changed: set whole, changed inside, gone; null where there are none of a kind. */
export type Patch = readonly [
  set: Readonly<Record<string, unknown>> | null,
  inside: Readonly<Record<string, Patch>> | null,
  gone: readonly string[] | null,
];

/** A member of this name cannot be set by assignment. */
const PROTOTYPE = '__proto__';

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * For members of a value of this kind. Without a prototype V8 keeps a table, and makes no shape of its own for names that
 * nobody has used before; the names of what has one are always the same few, and a shape is made and written faster.
 */
const membersLike = <T>(value: Plain): Record<string, T> =>
  Object.getPrototypeOf(value) === null ? (Object.create(null) as Record<string, T>) : {};

const sameItems = (before: unknown, after: unknown): boolean =>
  Array.isArray(before) &&
  Array.isArray(after) &&
  before.length === after.length &&
  before.every((item, at) => Object.is(item, after[at]));

/**
 * What has to be written of a value that was replaced, given that nobody changed the one before it in place: members
 * that are the same object are not looked into. `undefined` where it must be written whole, as when members changed
 * their order; null where nothing changed.
 *
 *     { plan, at: 1, actions: { a } } → { plan, at: 2, actions: { a, b } }: [{ at: 2 }, { actions: [{ b }, null, null] }, null]
 */
export const patchOf = (before: unknown, after: unknown): Patch | null | undefined => {
  if (!isPlain(before) || !isPlain(after)) return undefined;
  let set: Record<string, unknown> | null = null;
  let inside: Record<string, Patch> | null = null;
  let gone: string[] | null = null;
  const names = Object.keys(after);
  let at = 0;
  for (const name in before) {
    if (name === PROTOTYPE) return undefined;
    if (names[at] !== name) {
      if (Object.hasOwn(after, name)) return undefined;
      (gone ??= []).push(name);
      continue;
    }
    at += 1;
    const old = before[name];
    const now = after[name];
    if (Object.is(old, now) || sameItems(old, now)) continue;
    const changed = patchOf(old, now);
    if (changed === null) continue;
    if (changed === undefined) (set ??= membersLike(before))[name] = now;
    else (inside ??= membersLike(before))[name] = changed;
  }
  for (; at < names.length; at += 1) {
    const name = names[at]!;
    if (name === PROTOTYPE) return undefined;
    (set ??= membersLike(before))[name] = after[name];
  }
  return set === null && inside === null && gone === null ? null : [set, inside, gone];
};

/** The value that a patch makes of the one it was taken from. */
export const patched = (before: unknown, [set, inside, gone]: Patch): unknown => {
  const after: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(before as Plain)) {
    if (gone?.includes(name) === true) continue;
    const change = inside !== null && Object.hasOwn(inside, name) ? inside[name] : undefined;
    after[name] = change === undefined ? value : patched(value, change);
  }
  return set === null ? after : Object.assign(after, set);
};
