// The field must be there, for a field that may be missing from the row's type may as well be misspelt.

/** Rows with a number in F. `max('price')` compiles over rows that are such, and over no others. */
export type NumbersIn<F extends string> = Readonly<Record<F, number | null | undefined>>;

/** Rows with plain values in F, of which two can be the same. */
export type PlainIn<F extends string> = Readonly<Record<F, string | number | boolean | null | undefined>>;

/** Rows that have a field F. */
export type HavingField<F extends string> = Readonly<Record<F, unknown>>;
