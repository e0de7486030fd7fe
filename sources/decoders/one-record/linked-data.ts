/**
 * Members of JSON-LD by their local name: `eventCode`, `cargo:eventCode` and
 * `https://onerecord.iata.org/ns/cargo#eventCode` are one member, whatever prefix the sender chose.
 */
export const member = (object: Readonly<Record<string, unknown>>, name: string): unknown => {
  for (const [key, value] of Object.entries(object)) {
    if (localName(key) === name) return value;
  }
  return undefined;
};

/** `cargo:ACTUAL` → `ACTUAL`; `https://…/StatusCode#DEP` → `DEP`. */
export const localName = (term: string): string => /([^#/:]+)$/.exec(term)?.[1] ?? term;

/** Text of a value: itself, its `@value`, or the IRI that it refers to; of several the first. */
export const textOf = (value: unknown): string | null => {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one === 'string') return one;
  if (typeof one === 'number') return String(one);
  if (typeof one !== 'object' || one === null) return null;
  const text: unknown = Reflect.get(one, '@value') ?? Reflect.get(one, '@id');
  return typeof text === 'string' ? text : null;
};

/** Local names of the types of a node. */
export const typesOf = (object: Readonly<Record<string, unknown>>): readonly string[] => {
  const types = object['@type'] ?? object['type'];
  return (Array.isArray(types) ? (types as readonly unknown[]) : [types]).flatMap((type) =>
    typeof type === 'string' ? [localName(type)] : [],
  );
};
