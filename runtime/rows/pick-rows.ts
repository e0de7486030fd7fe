import type { Rows } from '../item.ts';
import { newMarks } from './rows-builder.ts';

/** The rows at these indexes, in their order. */
export const pickRows = <T>(rows: Rows<T>, indexes: Int32Array, size: number): Rows<T> => {
  const { body, keys, at, heardAt, origin, position, progress, last } = rows;
  const marks = newMarks(size);
  const pickedKeys: (string | number)[] | null = keys === null ? null : [];
  for (let to = 0; to < size; to++) {
    const from = indexes[to]!;
    marks.at[to] = at[from]!;
    marks.heardAt[to] = heardAt[from]!;
    marks.origin[to] = origin[from]!;
    marks.position[to] = position[from]!;
    pickedKeys?.push(keys![from]!);
  }
  return {
    kind: 'rows',
    size,
    body: body.pick(indexes, size),
    keys: pickedKeys as Rows<T>['keys'],
    ...marks,
    progress,
    last,
  };
};
