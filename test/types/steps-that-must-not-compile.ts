import { debounceTime, filter, map as rxMap, scan as rxScan } from 'rxjs';
import { z } from 'zod';
import { absence } from '../../operators/absence.ts';
import { dedupe } from '../../operators/dedupe.ts';
import { pattern } from '../../operators/pattern.ts';
import { rx } from '../../operators/rx.ts';
import { suppress } from '../../operators/suppress.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic } from '../../runtime/topic.ts';

// Checked by the compiler alone, as `pipelines-that-must-not-compile.ts`: nothing here runs.

const scan = z.object({
  at: z.number(),
  id: z.string(),
  shipmentId: z.string(),
  delayMin: z.number(),
  late: z.boolean(),
});
const alarm = z.object({ at: z.number(), shipmentId: z.string(), why: z.string() });
const scans = topic('scans', { schema: scan, key: 'shipmentId' });
const alarms = topic('alarms', { schema: alarm, key: 'shipmentId' });
type Scan = z.infer<typeof scan>;

export const mustNotCompile = () => [
  pipeline('rx', { from: { scans } }, (from) => {
    // @ts-expect-error a time of RxJS's own is no log time
    from.scans.through(debounceTime(5));
    // @ts-expect-error state in a closure is in no checkpoint
    from.scans.through(rxScan((sum: number, row: Scan) => sum + row.delayMin, 0));
    // @ts-expect-error not even those that keep nothing: nobody can tell them apart
    from.scans.through(rxMap((row: Scan) => row.delayMin));
    // @ts-expect-error nor on a keyed flow
    from.scans.keyBy('shipmentId').through(filter((row: Scan) => row.late));
    // @ts-expect-error a promise is not many rows
    from.scans.through(rx.concatMap((row) => Promise.resolve([row])));
    // @ts-expect-error a scan has no "delay"
    from.scans.through(rx.filter((row) => row.delay > 5));
    // @ts-expect-error words are no alarm
    from.scans.through(rx.map((row) => row.id)).to(alarms);
    const asAlarm = ({ at, shipmentId, id }: Scan) => ({ at, shipmentId, why: id });
    const isLate = (row: Scan): row is Scan & { readonly late: true } => row.late;
    return [
      from.scans
        .through(
          rx.filter(isLate),
          rx.tap((row) => row.late),
          rx.map(asAlarm),
        )
        .to(alarms),
      from.scans
        .through(
          rx.concatMap((row) => new Set([row])),
          rx.mergeMap((row) => [asAlarm(row)]),
        )
        .to(alarms),
    ];
  }),

  pipeline('keyed', { from: { scans } }, (from) => {
    const byShipment = from.scans.keyBy('shipmentId');
    // @ts-expect-error what repeats is told apart by key
    from.scans.through(dedupe({ name: 'a', within: '1h' }));
    // @ts-expect-error a scan has no column "number"
    byShipment.through(dedupe({ name: 'b', by: 'number', within: '1h' }));
    // @ts-expect-error yes and no are no ids
    byShipment.through(dedupe({ name: 'c', by: 'late', within: '1h' }));
    // @ts-expect-error nor are they when a function says so
    byShipment.through(dedupe({ name: 'd', by: (row) => row.late, within: '1h' }));
    // @ts-expect-error "an hour" is no duration
    byShipment.through(dedupe({ name: 'e', within: 'an hour' }));
    // @ts-expect-error the cool-down has a length
    byShipment.through(suppress({ name: 'f' }));
    byShipment.through(
      // @ts-expect-error a scan has no severity
      suppress({ name: 'g', for: '1h', unless: (before, row) => row.severity > before.delayMin }),
    );
    // @ts-expect-error there are two modes
    absence(byShipment, { name: 'h', expectedBy: (row) => row.at, mode: 'at once' });
    return [
      byShipment
        .through(
          dedupe({ name: 'first', by: 'id', within: '1h' }),
          suppress({ name: 'cooling', for: '1h', unless: (before, row) => row.delayMin > before.delayMin }),
        )
        .to(scans),
      absence(byShipment, { name: 'silent', expectedBy: (row) => row.at, mode: 'ordered' }).late.to(scans),
    ];
  }),

  pipeline('patterns', { from: { scans } }, (from) => {
    const found = pattern(from.scans.keyBy('shipmentId'), {
      name: 'stuck',
      steps: [
        { name: 'pickedUp', where: (row) => !row.late },
        { not: 'delivered', where: (row) => row.delayMin < 0 },
        { name: 'exception', where: (row, { pickedUp }) => row.at > pickedUp!.at, within: '2h' },
      ],
      within: '3d',
    });
    // @ts-expect-error what must not come is not among the rows
    found.through(rx.map(({ rows }) => rows.delivered));
    // @ts-expect-error nobody asked for what times out
    found.through(rx.map(({ waitedFor }) => waitedFor));
    // @ts-expect-error a match is bounded in time
    pattern(from.scans.keyBy('shipmentId'), { name: 'a', steps: [] });
    const both = pattern(from.scans.keyBy('shipmentId'), {
      name: 'either',
      steps: [
        // @ts-expect-error a scan has no status
        { name: 'one', where: (row) => row.status === 1 },
        { name: 'two', where: () => true },
      ],
      within: '3d',
      timeouts: true,
    });
    // @ts-expect-error where it timed out the second row has not come
    both.through(rx.map(({ rows }) => rows.two.at));
    return [
      found.through(rx.map(({ rows }) => rows.exception)).to(scans),
      both.through(rx.concatMap(({ rows }) => (rows.one === undefined ? [] : [rows.one]))).to(scans),
      // @ts-expect-error a match is no alarm
      found.to(alarms),
    ];
  }),
];
