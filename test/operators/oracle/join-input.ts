import fc from 'fast-check';
import { z } from 'zod';
import { topic } from '../../../runtime/topic.ts';
import type { KernelRow, KernelSettings } from '../../support/kernel-run.ts';
import { naiveTime } from '../../support/naive-time.ts';

/** What joins are tried on: a text and a number that may be the key, and a number that no other row has. */
const side = z.object({ at: z.number(), key: z.string(), id: z.number(), n: z.number() });
export type SideRow = z.infer<typeof side>;
const said = z.object({ at: z.number(), what: z.string() });

export const DISORDER_MS = 4;
const keyed = { schema: side, key: (row: SideRow) => row.key, disorderMs: DISORDER_MS };
export const left = topic('left', keyed);
export const right = topic('right', keyed);
export const out = topic('out', { schema: said, key: () => '' });
export const lateLeft = topic('late-left', keyed);
export const lateRight = topic('late-right', keyed);

export const PARTITIONS = { left: 2, right: 1 };

/** Rows in the order in which they are heard: out of order, some late, some twice at one time, some after a long silence. */
export interface JoinInput {
  readonly rows: readonly (KernelRow & { readonly row: SideRow })[];
  readonly settings: KernelSettings;
}

const heardRow = fc.record({
  isLeft: fc.boolean(),
  partition: fc.nat(1),
  gap: fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(40) }),
  behind: fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(16) }),
  key: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(4) }),
});

export const joinInput: fc.Arbitrary<JoinInput> = fc
  .record({
    heard: fc.array(heardRow, { maxLength: 50, size: 'max' }),
    rowsInBeat: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    ticksBefore: fc.uniqueArray(fc.nat(49), { maxLength: 5 }),
    restarts: fc.uniqueArray(
      fc.tuple(fc.nat(49), fc.constantFrom('deltas' as const, 'deltas' as const, 'all' as const)),
      {
        maxLength: 12,
        size: 'max',
        selector: ([at]) => at,
      },
    ),
    idleMs: fc.constantFrom(15, Infinity),
  })
  .map(({ heard, rowsInBeat, ticksBefore, restarts, idleMs }) => {
    let heardAt = 100;
    const rows = heard.map(({ isLeft, partition, gap, behind, key }, n) => {
      heardAt += gap;
      const row = { at: heardAt - behind, key: 'abcde'[key]!, id: key, n };
      return isLeft
        ? { topic: 'left', partition, heardAt, row }
        : { topic: 'right', partition: 0, heardAt, row };
    });
    const settings: KernelSettings = {
      partitions: PARTITIONS,
      idleMs,
      endsAt: heardAt + 50,
      rowsInBeat,
      ticksBefore: new Set(ticksBefore),
      restarts: new Map(restarts),
    };
    return { rows, settings };
  });

export interface Taken {
  readonly kind: 'row';
  readonly port: 0 | 1;
  readonly row: SideRow;
  readonly heardAt: number;
  readonly origin: number;
  /** The watermark of the task before it. */
  readonly watermark: number;
}
export interface Rise {
  readonly kind: 'rise';
  readonly from: number;
  readonly to: number;
  readonly heardAt: number;
}

/** The same input as an oracle sees it: row by row, and every rise of the watermark. */
export const traceOf = ({ rows, settings }: JoinInput): readonly (Taken | Rise)[] => {
  const told = rows.map(({ topic: name, partition = 0, heardAt, row }) => ({
    channel: name === 'left' ? partition : PARTITIONS.left,
    heardAt,
    at: row.at,
    row,
  }));
  const channels = PARTITIONS.left + PARTITIONS.right;
  const { idleMs = Infinity, endsAt } = settings;
  let from = -Infinity;
  return naiveTime(told, { channels, disorderMs: DISORDER_MS, idleMs, endsAt }).flatMap(
    ({ heardAt, row, origin, watermark }) => {
      const step: (Taken | Rise)[] = [];
      if (row !== null) {
        const port = row.channel === PARTITIONS.left ? 1 : 0;
        step.push({ kind: 'row', port, row: row.row, heardAt, origin, watermark: from });
      }
      if (watermark > from) step.push({ kind: 'rise', from, to: watermark, heardAt });
      from = watermark;
      return step;
    },
  );
};

/** Compares lists of numbers and texts place by place. */
export const inTurn = (a: readonly (number | string)[], b: readonly (number | string)[]): number => {
  for (const [index, one] of a.entries()) {
    const other = b[index]!;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
};
