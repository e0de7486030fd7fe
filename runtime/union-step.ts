import type { Barrier, Item } from './item.ts';
import { type Arrived, operateAll } from './operate.ts';
import { RowsBuilder } from './rows/rows-builder.ts';
import { Walk } from './rows/walk.ts';
import type { Step, StepContext } from './step.ts';

/** Rows of several flows of one kind, in the order in which the log heard what caused them. Keeps no state. */
export const unionStep = (inputs: number): Step<never, unknown> => ({
  verb: 'union',
  name: null,
  stateful: false,
  async: false,
  detail: `of ${inputs}`,
  faults: [],
  make: (context) => (flows) =>
    operateAll<unknown, unknown>(flows as never, (out) => unionHandler(context, out)),
});

const unionHandler = (context: StepContext, out: (item: Item<unknown>) => void) => {
  const builder = new RowsBuilder<unknown>(out);
  const walk = new Walk<unknown>({
    row: ({ body, keys, at, heardAt, origin, position }, index) => {
      const key = keys === null ? null : keys[index]!;
      builder.push(body.row(index), key, at[index]!, heardAt[index]!, origin[index]!, position[index]!);
    },
    time: () => undefined,
    watermark: () => undefined,
  });
  return {
    beat: (parts: readonly Arrived<unknown>[]): void => {
      builder.begin(parts[0]!.rows.progress);
      walk.beat(parts);
      builder.end(true);
    },
    barrier: (barrier: Barrier): void => {
      context.atBarrier(barrier.epoch);
      out(barrier);
    },
  };
};
