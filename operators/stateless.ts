import { type Item, type Rows, RowsBuilder } from '../runtime/item.ts';
import { operate } from '../runtime/operate.ts';
import type { Step, StepContext } from '../runtime/step.ts';

/**
 * The loop that every stateless step is: each row goes to `each`, which pushes none, one or many. A row on which it
 * throws goes to dead letters, and the rest goes on.
 */
export const stateless = <In, Out>(
  verb: string,
  detail: string,
  each: (row: In, push: (out: Out) => void) => void,
): Step<In, Out> => ({
  verb,
  name: null,
  stateful: false,
  async: false,
  detail,
  faults: [],
  make: (context) => (inputs) =>
    inputs[0]!.pipe(operate<In, Out>((out) => loop(context, each, out)) as never),
});

const loop = <In, Out>(
  context: StepContext,
  each: (row: In, push: (out: Out) => void) => void,
  out: (item: Item<Out>) => void,
): { rows(rows: Rows<In>): void; control(item: Exclude<Item<In>, Rows<In>>): void } => {
  const builder = new RowsBuilder<Out>(out);
  return {
    rows: ({ values, keys, at, heardAt }) => {
      for (let index = 0; index < values.length; index++) {
        const row = values[index]!;
        try {
          each(row, (value) => builder.push(value, keys[index]!, at[index]!, heardAt[index]!));
        } catch (error) {
          context.fail({ stage: 'operator', row, heardAt: heardAt[index]!, error });
        }
      }
      builder.flush();
    },
    control: (item) => {
      if (item.kind === 'barrier') context.atBarrier(item.epoch);
      out(item);
    },
  };
};
