import { ForewarnError } from '../../../runtime/forewarn-error.ts';

/** The option as given, where it is a whole number in [least; most]; FW220 otherwise. */
export const wholeNumber = (
  label: string,
  option: string,
  value: unknown,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new ForewarnError(
    'FW220',
    `aggregate ${label}: ${option} is ${String(value)}; give a whole number ${range}, it bounds the state`,
  );
};
