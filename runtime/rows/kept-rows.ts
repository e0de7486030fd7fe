import type { Rows } from '../item.ts';
import { ObjectBody } from './object-body.ts';
import { pickRows } from './pick-rows.ts';

/** What is kept of lent rows until an answer about them comes. */
export const keptRows = <T>(lent: Rows<T>): Rows<T> => {
  const { size, body } = lent;
  const values = Array.from({ length: size }, (_, index) => body.row(index));
  const all = Int32Array.from({ length: size }, (_, index) => index);
  return { ...pickRows(lent, all, size), body: new ObjectBody(values) };
};

/** The rows at these indexes with other values, in their order. */
export const rowsWith = <A, B>(rows: Rows<A>, values: readonly B[], indexes: Int32Array): Rows<B> => ({
  ...pickRows(rows, indexes, values.length),
  body: new ObjectBody(values),
});
