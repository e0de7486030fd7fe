import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { last } from '../../operators/aggregates/last.ts';
import { max } from '../../operators/aggregates/max.ts';
import { mean } from '../../operators/aggregates/mean.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { top } from '../../operators/top.ts';
import { flowOf } from '../../runtime/flow-of.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';
import { everyRows, hopping, session, tumbling } from '../../runtime/window-spec.ts';

// Checked by the compiler alone, as the other files here: the phases Flow → Keyed → Windowed, and what windows give.

const scan = z.object({
  at: z.number(),
  shipmentId: z.string(),
  port: z.string().nullable(),
  delayMin: z.number(),
});
const scans = topic('scans', { schema: scan, key: 'shipmentId' });
const counts = topic('counts', {
  schema: z.object({ at: z.number(), shipmentId: z.string(), scans: z.number() }),
  key: 'shipmentId',
});

export const mustNotCompile = () => [
  // @ts-expect-error a key of a topic is one of its fields
  topic('nowhere', { schema: scan, key: 'shipment' }),
  // @ts-expect-error event time is a number
  topic('when', { schema: scan, key: 'shipmentId', at: 'shipmentId' }),

  pipeline('phases', { from: { scans } }, (from) => {
    // @ts-expect-error a window before a keyBy
    from.scans.window(tumbling('1h'));
    // @ts-expect-error an aggregate before a window
    from.scans.keyBy('shipmentId').through(aggregate('early', { scans: count() }));
    // @ts-expect-error rows of a window are not written before something was made of them
    from.scans.keyBy('shipmentId').window(tumbling('1h')).to(counts);
    // @ts-expect-error a port may be none, and none is no key
    from.scans.keyBy('port');
    // @ts-expect-error there is no such field to send the rows by
    from.scans.rekey('zones', 'zone');
    // @ts-expect-error a union is of rows of one kind
    from.scans.union(from.scans.through(map(({ at }) => ({ at }))));
    const hourly = from.scans
      .keyBy('shipmentId')
      .window(tumbling('1h'))
      .through(aggregate('hourly', { scans: count(), worst: max('delayMin'), port: last('port') }));
    const words: (row: {
      shipmentId: string;
      scans: number;
      worst: number | null;
      port: string | null;
    }) => string = ({ shipmentId }) => shipmentId;
    const least: (row: { readonly worst: number }) => number = ({ worst }) => worst;
    hourly.through(map(words));
    // @ts-expect-error there is no highest number of no rows
    hourly.through(map(least));
    // @ts-expect-error a result has no event time of this name
    hourly.through(map(({ at }) => at));
    // @ts-expect-error the row does not fit its sink
    hourly.to(counts);
    // @ts-expect-error late rows are scans
    hourly.late.through(map(({ worst }) => worst));
    return [
      hourly
        .through(map(({ shipmentId, scans: n, windowEnd }) => ({ at: windowEnd, shipmentId, scans: n })))
        .to(counts),
      hourly.late.through(map(({ at, shipmentId }) => ({ at, shipmentId, scans: 1 }))).to(counts),
    ];
  }),

  pipeline('aggregates', { from: { scans } }, (from) => {
    const windows = from.scans.keyBy('shipmentId').window(hopping('1h', '10m'));
    // @ts-expect-error a scan has no such column
    windows.through(aggregate('a', { worst: max('delay') }));
    // @ts-expect-error a max of a string
    windows.through(aggregate('b', { worst: max('shipmentId') }));
    // @ts-expect-error a mean of a string, among others that fit
    windows.through(aggregate('c', { scans: count(), delay: mean('port') }));
    // @ts-expect-error the best by a string
    windows.through(top('d', 'shipmentId', { k: 1 }));
    // @ts-expect-error how many of the best is not said
    windows.through(top('e', 'delayMin', {}));
    // @ts-expect-error lateness is a duration
    windows.through(aggregate('f', { scans: count() }, { lateness: 'a while' }));
    return [
      windows
        .through(aggregate('g', { scans: count() }))
        .through(map(({ shipmentId, scans: n }) => ({ at: 0, shipmentId, scans: n })))
        .to(counts),
    ];
  }),

  // @ts-expect-error a window has a size with a unit
  tumbling('10'),
  // @ts-expect-error a hopping window has a slide
  hopping('10m'),
  // @ts-expect-error a gap is a duration
  session(5),
  // @ts-expect-error a window of rows says how long it waits for them
  everyRows(5),

  pipeline('keys', { from: { scans, counts } }, (from) => {
    const inputs = {
      scans: from.scans.keyBy('shipmentId'),
      counts: from.counts.rekey('by-count', 'scans'),
    };
    return [
      keyedProcess('both', {
        // @ts-expect-error inputs of one step have keys of one type, and a count is a number
        inputs,
        emits: rowsOf<z.infer<typeof scan>>(),
        initial: null,
        on: { scans: (row, { emit }) => emit(row), counts: () => undefined },
      }).to(scans),
    ];
  }),

  // @ts-expect-error a flow of numbers gives numbers
  flowOf([1, 2, 3]).subscribe((row: string) => row),
];
