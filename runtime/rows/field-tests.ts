import type { Column } from './layout.ts';

/** What is expected of a field, for people. */
export const fieldWords: Readonly<Record<Column['kind'], string>> = {
  f64: 'a number',
  i32: 'an integer of 32 bits',
  bool: 'true or false',
  text: 'text',
};

/** JavaScript that tells whether the variable `v` is what a column holds. */
export const fieldTests: Readonly<Record<Column['kind'], string>> = {
  f64: `typeof v === 'number'`,
  i32: `(v | 0) === v`,
  bool: `typeof v === 'boolean'`,
  text: `typeof v === 'string'`,
};

/** Throws the TypeError for a field that is not what its column holds. */
export const wrongField = (name: string, kind: string, value: unknown): never => {
  throw new TypeError(
    `field "${name}" is ${value === null ? 'null' : typeof value}, where ${kind} is expected`,
  );
};
