import type { ExceptionView } from './contract.ts';

const names = ['category', 'lateness', 'tier', 'value', 'contents'] as const;

const number = (value: number): string => String(Number(value.toFixed(2)));

/**
 * The sum that anybody can do again: `72.4 = (40 category + 12.5 lateness + 10 tier + 4 value + 6 contents) × 0.998
 * certainty`. Terms of zero are left out. Beyond 100 it says that 100 is the most.
 */
export const severityWords = ({ severity, severityTerms: terms }: ExceptionView): string => {
  const parts = names.filter((name) => terms[name] !== 0).map((name) => `${number(terms[name])} ${name}`);
  const sum = names.reduce((total, name) => total + terms[name], 0);
  const joined = parts.length === 0 ? '0' : parts.join(' + ');
  const times = terms.certainty === 1 ? '' : ` × ${String(Number(terms.certainty.toFixed(3)))} certainty`;
  const most = sum * terms.certainty > 100 ? ', 100 at most' : '';
  return `${number(severity)} = ${times === '' || parts.length < 2 ? joined : `(${joined})`}${times}${most}`;
};
