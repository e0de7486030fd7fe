import { fieldTests, fieldWords, wrongField } from './field-tests.ts';
import type { Layout } from './layout.ts';

/** What was read, as a row. */
type TakeRow = (value: Readonly<Record<string, unknown>>) => unknown;

/** Rows of a layout as objects: for whoever wants them whole, and gains nothing by columns. */
export interface RowShape {
  /**
   * The same row as columns would give it: exactly the layout's fields, in its order, null where one may be missing. It is the value
   * itself where that is so already. Throws a TypeError where a field does not fit.
   */
  readonly take: TakeRow;
}

const shapes = new WeakMap<Layout, RowShape>();

const compile = ({ columns }: Layout): RowShape => {
  const names = columns.map(({ name }) => name);
  const tests = columns.map(({ name, kind, nullable }, index) => {
    const fail = `w(${JSON.stringify(name)}, ${JSON.stringify(fieldWords[kind])}, v);`;
    const otherwise = nullable ? `if (v !== null) { if (v === undefined) v = null; else ${fail} }` : fail;
    return `v = o[${JSON.stringify(name)}]; if (!(${fieldTests[kind]})) ${otherwise} const v${index} = v;`;
  });
  const fields = columns.map(({ name }, index) => `[${JSON.stringify(name)}]: v${index}`);
  // oxlint-disable-next-line no-implied-eval -- straight-line code for exactly these fields
  const make = new Function(
    'w',
    'x',
    `return (o) => { let v; ${tests.join(' ')} return x(o) ? o : { ${fields.join(', ')} }; };`,
  ) as (fail: typeof wrongField, isExact: (value: object) => boolean) => TakeRow;
  const isExact = (value: object): boolean => {
    let at = 0;
    for (const name in value) {
      if (name !== names[at]) return false;
      at += 1;
    }
    return at === names.length;
  };
  return { take: make(wrongField, isExact) };
};

export const rowShapeOf = (layout: Layout): RowShape => {
  let shape = shapes.get(layout);
  if (shape === undefined) shapes.set(layout, (shape = compile(layout)));
  return shape;
};
