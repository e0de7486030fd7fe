import { z } from 'zod';
import { absence } from '../../operators/absence.ts';
import { asOf } from '../../operators/as-of.ts';
import { table } from '../../operators/broadcast-table.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { lookup } from '../../operators/lookup.ts';
import { map } from '../../operators/map.ts';
import { where } from '../../operators/where.ts';
import { windowJoin } from '../../operators/window-join.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import type { Step } from '../../runtime/step.ts';
import { topic } from '../../runtime/topic.ts';
import { session, tumbling } from '../../runtime/window-spec.ts';

// Checked by the compiler alone: each `@ts-expect-error` below is an error of its own as soon as the line compiles.
// Nothing here runs.

const scan = z.object({ at: z.number(), shipmentId: z.string(), zone: z.string(), delayMin: z.number() });
const plan = z.object({ at: z.number(), shipmentId: z.string(), promisedAt: z.number() });
const alarm = z.object({ at: z.number(), shipmentId: z.string(), why: z.string() });
const scans = topic('scans', { schema: scan, key: (row) => row.shipmentId });
const plans = topic('plans', { schema: plan, key: (row) => row.shipmentId });
const zones = topic('zones', { schema: scan, key: (row) => row.zone, broadcast: true });
const alarms = topic('alarms', { schema: alarm, key: (row) => row.shipmentId });
type Scan = z.infer<typeof scan>;
type Alarm = z.infer<typeof alarm>;

export const mustNotCompile = () => [
  pipeline('columns', { from: { scans } }, (from) => {
    // @ts-expect-error a scan has no column "shipment"
    from.scans.keyBy('shipment');
    // @ts-expect-error a scan has no column "delay"
    from.scans.through(where((row) => row.delay > 5));
    // @ts-expect-error there is no source of this name
    return [from.plans.to(plans)];
  }),

  pipeline('keys', { from: { scans } }, (from) => {
    // @ts-expect-error what keeps state by key needs a keyBy before it
    absence(from.scans, { name: 'silent', expectedBy: (row: Scan) => row.at });
    const keyed = {} as Step<Scan, Scan, 'keyed'>;
    // @ts-expect-error a step that needs keys may not follow an unkeyed flow
    from.scans.through(keyed);
    return [from.scans.keyBy('shipmentId').through(keyed).to(scans)];
  }),

  pipeline('sinks', { from: { scans } }, (from) => {
    // @ts-expect-error a scan does not say why, as an alarm must
    from.scans.to(alarms);
    // @ts-expect-error nor does it behind a keyBy
    from.scans.keyBy('zone').to(alarms);
    // @ts-expect-error `why` is words, not a number
    from.scans.through(map(({ at, shipmentId }) => ({ at, shipmentId, why: at }))).to(alarms);
    // @ts-expect-error a topic in between carries the same rows
    from.scans.repartition(alarms);
    return [
      from.scans.through(map(({ at, shipmentId, zone }) => ({ at, shipmentId, why: zone }))).to(alarms),
    ];
  }),

  // @ts-expect-error a duration has a unit
  pipeline('no-unit', { from: { scans }, checkpoint: '250' }, (from) => [from.scans.to(scans)]),
  // @ts-expect-error a duration has one of our units
  pipeline('weeks', { from: { scans }, checkpoint: '2w' }, (from) => [from.scans.to(scans)]),

  pipeline('joins', { from: { scans, plans } }, (from) => {
    const byShipment = { scans: from.scans.keyBy('shipmentId'), plans: from.plans.keyBy('shipmentId') };
    // @ts-expect-error how old a version may be is a duration
    asOf(byShipment.scans, byShipment.plans, { name: 'a', within: 'a while' });
    // @ts-expect-error the table of a join needs a keyBy too
    asOf(byShipment.scans, from.plans, { name: 'b', within: '1d' });
    const missed = (row: z.infer<typeof plan>): number => row.promisedAt;
    // @ts-expect-error what was missed is a scan, not a plan
    asOf(byShipment.scans, byShipment.plans, { name: 'c', within: '1d', missed });
    const joined = asOf(byShipment.scans, byShipment.plans, { name: 'd', within: '1d' });
    // @ts-expect-error the right side is a plan and has no delay
    joined.through(map(({ right }) => right.delayMin));
    return [joined.through(map(({ left, right }) => ({ ...left, at: right.promisedAt }))).to(scans)];
  }),

  pipeline('more-joins', { from: { scans, plans } }, (from) => {
    const lefts = from.scans.keyBy('shipmentId');
    const rights = from.plans.keyBy('shipmentId');
    const byTime = from.plans.keyBy('promisedAt');
    const near = { name: 'near', before: '1h' } as const;
    const delay = (scan: Scan, planned: { readonly promisedAt: number }) => scan.at - planned.promisedAt;
    // @ts-expect-error shipments are not times: the keys of both sides are of one type
    intervalJoin(lefts, byTime, { ...near, select: delay });
    // @ts-expect-error nor is a table
    asOf(lefts, byTime, { name: 'b', within: '1d' });
    // @ts-expect-error nor in a window
    windowJoin(lefts, byTime, { name: 'c', window: tumbling('1h'), how: 'inner', select: delay });
    // @ts-expect-error what has no keys has nothing to be joined by
    intervalJoin(lefts, from.plans, { ...near, select: delay });
    // @ts-expect-error a left join may find nothing
    intervalJoin(lefts, rights, { ...near, how: 'left', select: (scan, planned) => planned.promisedAt });
    // @ts-expect-error how far apart is a duration
    intervalJoin(lefts, rights, { name: 'e', before: '1 hour', select: delay });
    windowJoin(lefts, rights, {
      name: 'f',
      window: tumbling('1h'),
      how: 'semi',
      // @ts-expect-error a semi join says that there is a partner, not which
      select: (scan, planned: { readonly promisedAt: number }) => planned.promisedAt,
    });
    // @ts-expect-error sessions of two sides are not the same windows
    windowJoin(lefts, rights, { name: 'g', window: session('1h'), how: 'inner', select: delay });
    const known = asOf(lefts, rights, { name: 'h', within: '1d', how: 'left' });
    // @ts-expect-error there may be no plan
    known.through(map(({ right }) => right.promisedAt));
    const ask = async (keys: readonly string[]) => new Map(keys.map((key) => [key, key.length]));
    const outside = { name: 'i', key: ({ zone }: Scan) => zone, ask, timeout: '1s' } as const;
    // @ts-expect-error the fallback says what the service would
    from.scans.through(lookup({ ...outside, fallback: () => 'unknown' }));
    const looked = from.scans.through(lookup({ ...outside, fallback: () => 0 }));
    // @ts-expect-error the service may know nothing
    looked.through(map(({ value }) => value.toFixed()));
    const joined = intervalJoin(lefts, rights, { ...near, select: (scan) => scan });
    // @ts-expect-error late rows are those of their side
    joined.late.right.to(scans);
    return [joined.to(scans), joined.late.left.to(scans)];
  }),

  pipeline('processes', { from: { scans, plans, zones } }, (from) => {
    const inputs = { scans: from.scans.keyBy('shipmentId'), plans: from.plans.keyBy('shipmentId') };
    // @ts-expect-error every input has its callback, and plans has none
    keyedProcess('a', { inputs, emits: rowsOf<Alarm>(), initial: null, on: { scans: () => undefined } });
    keyedProcess('b', {
      inputs,
      emits: rowsOf<Alarm>(),
      initial: null,
      on: {
        scans: (row, context) => {
          // @ts-expect-error what is emitted is an alarm
          context.emit(row);
          // @ts-expect-error there is no table of this name
          context.matching('weather');
        },
        // @ts-expect-error the rows of plans are plans
        plans: (row: Scan) => row.delayMin,
      },
    });
    return [
      keyedProcess('c', {
        inputs,
        // @ts-expect-error a table of scans has no row with a promise
        tables: { zones: table(from.zones, { key: (row) => row.promisedAt }) },
        emits: rowsOf<Alarm>(),
        initial: { seen: 0 },
        on: {
          scans: (_, context) => {
            // @ts-expect-error the state counts
            context.set({ seen: 'once' });
          },
          plans: () => undefined,
        },
      }).to(alarms),
    ];
  }),
];
