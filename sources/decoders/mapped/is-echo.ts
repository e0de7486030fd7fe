import type { InputMapping } from '../../../domain/input-mapping.ts';
import { type Row, textIn } from './read-field.ts';

/** An id of an action of ours; see domain/stable-id.ts. */
const ACTION_ID = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;

/**
 * Whether we wrote this ourselves and the TMS says it back: by the name under which we write, or by the id of an action in
 * one of the columns that may hold one, `forewarn:9f86d081884c7d659a2feaa0c55ad015` with the prefix `forewarn:`.
 */
export const isEcho = (row: Row, { own: { by, users, references, prefix } }: InputMapping): boolean => {
  if (by !== undefined && users.includes(textIn(row, by))) return true;
  return references.some((column) => {
    const text = textIn(row, column);
    return [...text.matchAll(ACTION_ID)].some(({ index }) => text.slice(0, index).endsWith(prefix));
  });
};

/** How things stand, whoever wrote it: it is no evidence of anything, and we must know it. */
const states = new Set([
  'plan',
  'order',
  'allocation',
  'contract',
  'directory',
  'carrier_update',
  'port',
  'road',
]);

export const isState = (type: string): boolean => states.has(type);
