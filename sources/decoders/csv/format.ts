import type { Format } from '../format.ts';
import { decodeCsv } from './decode-csv.ts';

/** Rows of a table. Nothing in a file says that it is one: its label, its extension or the setting of its source does. */
export const csv: Format = {
  name: 'csv',
  mediaTypes: ['text/csv', 'text/tab-separated-values'],
  extensions: ['csv', 'tsv'],
  recognises: () => false,
  decode: decodeCsv,
};
