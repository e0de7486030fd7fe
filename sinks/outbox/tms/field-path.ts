/** One step into a JSON text: a key of an object, or an element of a list. */
export type PathStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  /** The first element whose `key` has this value, compared as text. */
  | { readonly kind: 'where'; readonly key: string; readonly value: string };

export interface FieldPath {
  /** As it was written. */
  readonly text: string;
  readonly steps: readonly PathStep[];
}

/** `stops[type=CN].due` → key stops, element whose type is CN, key due. The text has been checked by the schema. */
export const parseFieldPath = (text: string): FieldPath => {
  const steps: PathStep[] = [];
  for (const match of text.matchAll(/([^.[\]]+)(?=[.[]|$)|\[([^\]]+)\]/g)) {
    const [, key, inside] = match;
    if (key !== undefined) steps.push({ kind: 'key', key });
    else if (inside !== undefined) {
      const at = inside.indexOf('=');
      steps.push(
        at < 0
          ? { kind: 'index', index: Number(inside) }
          : { kind: 'where', key: inside.slice(0, at), value: inside.slice(at + 1) },
      );
    }
  }
  return { text, steps };
};
