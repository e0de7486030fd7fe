/** Whether a field says nothing: null, not there, or NaN, which no sum and no comparison can use. */
export const missing = (value: unknown): value is null | undefined =>
  value === null || value === undefined || Number.isNaN(value);
