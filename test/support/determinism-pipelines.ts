import { absence } from '../../operators/absence.ts';
import { aggregate } from '../../operators/aggregate.ts';
import { collect } from '../../operators/aggregates/collect.ts';
import { count } from '../../operators/aggregates/count.ts';
import { sum } from '../../operators/aggregates/sum.ts';
import { asOf } from '../../operators/as-of.ts';
import { table } from '../../operators/broadcast-table.ts';
import { dedupe } from '../../operators/dedupe.ts';
import { flatMap } from '../../operators/flat-map.ts';
import { intervalJoin } from '../../operators/interval-join.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { lookup } from '../../operators/lookup.ts';
import { map } from '../../operators/map.ts';
import { pattern } from '../../operators/pattern.ts';
import { rx } from '../../operators/rx.ts';
import { score } from '../../operators/score.ts';
import { suppress } from '../../operators/suppress.ts';
import { top } from '../../operators/top.ts';
import { where } from '../../operators/where.ts';
import { windowJoin } from '../../operators/window-join.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import { topic, type Topic } from '../../runtime/topic.ts';
import { everyRows, hopping, session, tumbling } from '../../runtime/window-spec.ts';
import { letters, left as plain, type Noted, notes, out, refusePoison, type Said } from './law-topics.ts';

/** Rows may come 3 s behind, and in the other topic 1 s. */
export const left = topic('left', { schema: plain.schema!, key: (row) => row.key, disorderMs: 3_000 });
export const right = topic('right', { schema: plain.schema!, key: (row) => row.key, disorderMs: 1_000 });
export { notes };

/** What leaves says in the log which event time it had. */
const answers = (name: string): Topic<Said> => ({
  ...topic(name, { schema: out.schema!, key: (row) => row.key }),
  write: (row, eventTime) => Buffer.from(JSON.stringify({ ...row, eventTime })),
});

const shaped = answers('shaped');
const windowed = answers('windowed');
const joined = answers('joined');
const processed = answers('processed');
const asked = answers('asked');
const far = answers('far');
export const answerTopics = [shaped, windowed, joined, processed, asked, far];
export const deadLetters = letters;

const inWords = <T>(label: string) =>
  map((row: T): Said => {
    const { key = '', at = 0 } = row as { readonly key?: string; readonly at?: number };
    return { key, at, what: `${label} ${JSON.stringify(row)}` };
  });

/** How the service that is asked answers: after a delay of its own choice. */
export type Ask = (keys: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** Every verb that there is, in several pipelines on the same input. */
export const everyVerb = (ask: Ask, capacity: number): readonly Pipeline[] => [
  pipeline('shape', { from: { left, right } }, (from) => {
    const all = from.left.union(from.right).through(
      where(({ n }) => n !== 7),
      flatMap((row) => (row.n % 5 === 4 ? [row, { ...row, n: row.n + 100 }] : [row])),
      rx.tap((row) => void refusePoison(row)),
    );
    const { even, odd } = all.branch({
      even: rx.filter(({ n }: Noted) => n % 2 === 0),
      odd: rx.concatMap((row: Noted) => (row.n % 2 === 0 ? [] : [row])),
    });
    const again = even.union(odd).keyBy('key');
    const once = again.through(dedupe({ name: 'once', by: 'n', within: '9s' }));
    const calm = once.through(
      suppress({ name: 'calm', for: '2s', unless: (before, row) => row.n > before.n, thenLast: true }),
    );
    return [once.through(inWords('once')).to(shaped), calm.through(inWords('calm')).to(shaped)];
  }),
  pipeline('windows', { from: { left, right } }, (from) => {
    const keyed = from.left.union(from.right).keyBy('key');
    const what = { n: count(), sum: sum('n') };
    const tumbled = keyed
      .window(tumbling('4s'))
      .through(aggregate('tumbled', what, { lateness: '2s', early: '1s' }));
    const hopped = keyed
      .window(hopping('6s', '2s'))
      .through(aggregate('hopped', { ...what, all: collect({ atMost: 5, past: 'drop newest' }) }));
    const sessions = keyed
      .window(session('3s'))
      .through(aggregate('sessions', what, { lateness: '1s', early: '2s' }));
    const counted = keyed.window(everyRows(3, { ttl: '20s' })).through(aggregate('counted', what));
    const best = from.left
      .keyBy('key')
      .window(tumbling('5s'))
      .through(top('best', 'n', { k: 2 }));
    return [
      tumbled.through(inWords('tumbled')).to(windowed),
      tumbled.late.through(inWords('late tumbled')).to(windowed),
      hopped.through(inWords('hopped')).to(windowed),
      hopped.late.through(inWords('late hopped')).to(windowed),
      sessions.through(inWords('sessions')).to(windowed),
      sessions.late.through(inWords('late session')).to(windowed),
      counted.through(inWords('counted')).to(windowed),
      best.through(inWords('best')).to(windowed),
    ];
  }),
  pipeline('joins', { from: { left, right } }, (from) => {
    const [lefts, rights] = [from.left.keyBy('key'), from.right.keyBy('key')];
    const pair = (l: Noted, r: Noted | null) => ({ key: l.key, at: l.at, left: l.n, right: r });
    const near = intervalJoin(lefts, rights, { name: 'near', before: '2s', after: '1s', select: pair });
    const ordered = intervalJoin(lefts, rights, {
      name: 'near-ordered',
      before: '2s',
      after: '2s',
      how: 'left',
      mode: 'ordered',
      select: pair,
    });
    const met = windowJoin(lefts, rights, {
      name: 'met',
      window: hopping('4s', '2s'),
      how: 'outer',
      lateness: '2s',
      select: (l: Noted | null, r: Noted | null, bounds) => ({
        key: (l ?? r)!.key,
        at: bounds.windowEnd,
        l,
        r,
        bounds,
      }),
    });
    const known = asOf(lefts, rights, {
      name: 'known',
      within: '20s',
      patience: '3s',
      reviseFor: '2s',
      maxWaiting: 4,
    });
    const knownThen = asOf(lefts, rights, { name: 'known-then', within: '9s', mode: 'ordered', how: 'left' });
    return [
      near.through(inWords('near')).to(joined),
      near.late.left.through(inWords('late near')).to(joined),
      ordered.through(inWords('ordered')).to(joined),
      ordered.late.right.through(inWords('late ordered')).to(joined),
      met.through(inWords('met')).to(joined),
      known.through(inWords('known')).to(joined),
      knownThen.through(inWords('known then')).to(joined),
      knownThen.late.through(inWords('late then')).to(joined),
    ];
  }),
  pipeline('process', { from: { left, right, notes } }, (from) => {
    const [lefts, rights] = [from.left.keyBy('key'), from.right.keyBy('key')];
    const watched = keyedProcess('watched', {
      inputs: { lefts, rights },
      tables: { notes: table(from.notes, { key: (row) => row.key, until: (row) => row.at + 9_000 }) },
      interests: { notes: ({ seen }) => (seen.length > 0 ? [`n${seen.length % 2}`] : []) },
      emits: rowsOf<Said>(),
      initial: { seen: [] as readonly number[] },
      keysAtOnce: 2,
      ttl: '15s',
      on: {
        lefts: (row, context) => {
          context.set({ seen: [...context.state.seen.slice(-6), refusePoison(row)] });
          context.timer('silence', context.now + 2_500);
          context.eventTimer('over', row.at + 2_000);
          const known = context.matching('notes').map(({ n }) => n);
          context.emit({
            at: context.now,
            key: context.key,
            what: `${context.state.seen.join('+')} notes ${known.join(' ')} at ${context.watermark}`,
          });
        },
        rights: (row, context) => {
          if (row.n % 11 === 10) context.drop();
          else context.timer('silence', row.n % 2 === 0 ? null : context.now + 1_000);
        },
      },
      onTable: {
        notes: ({ n }, context) => context.emit({ at: context.now, key: context.key, what: `note ${n}` }),
      },
      onTimer: (name, context) =>
        context.emit({ at: context.now, key: context.key, what: `${name} at ${context.watermark}` }),
    });
    const inOrder = keyedProcess('in-order', {
      inputs: { lefts, rights },
      mode: 'ordered',
      maxWaiting: 40,
      emits: rowsOf<Said>(),
      initial: '',
      on: {
        lefts: ({ n }, context) => {
          context.set(`${context.state.slice(-20)} l${n}`);
          context.timer('quiet', context.now + 1_500);
        },
        rights: ({ n }, context) => context.set(`${context.state.slice(-20)} r${n}`),
      },
      onTimer: (_, context) => context.emit({ at: context.now, key: context.key, what: context.state }),
    });
    const expects = (row: Noted, now: number): number | null => (row.n % 6 === 5 ? null : now + row.n * 100);
    const silent = absence(lefts, { name: 'silent', expectedBy: expects });
    const quiet = absence(lefts, { name: 'quiet', mode: 'ordered', expectedBy: expects });
    const steps = [
      { name: 'low', where: ({ n }: Noted) => n < 5 },
      { not: 'middle', where: ({ n }: Noted) => n >= 5 && n < 9 },
      { name: 'high', where: ({ n }: Noted) => n >= 9, within: '4s' as const },
    ] as const;
    const rose = pattern(lefts, { name: 'rose', steps, within: '6s', timeouts: true, after: 'next row' });
    const roseThen = pattern(lefts, { name: 'rose-then', steps, within: '6s', mode: 'ordered' });
    return [
      watched.to(processed),
      inOrder.to(processed),
      silent.through(inWords('silent')).to(processed),
      quiet.through(inWords('quiet')).to(processed),
      rose.through(inWords('rose')).to(processed),
      roseThen.through(inWords('rose then')).to(processed),
      roseThen.late.through(inWords('late rose')).to(processed),
    ];
  }),
  pipeline('asked', { from: { left } }, (from) => {
    const scored = from.left.through(
      score({
        name: 'scored',
        model: 'two columns',
        columns: 2,
        features: (row: Noted, target, offset) => {
          target[offset] = refusePoison(row);
          target[offset + 1] = row.at % 1_000;
        },
        fallback: () => -1,
      }),
      map(({ row, probability }) => ({ ...row, probability })),
    );
    const halved = from.left.through(
      lookup({
        name: 'halved',
        key: ({ n }) => String(n),
        ask,
        capacity,
        keysAtOnce: 3,
        timeout: '10s',
        fallback: () => null,
      }),
    );
    return [
      scored.through(inWords('scored')).to(asked),
      halved
        .through(
          map(({ row, value }) => ({ ...row, value })),
          inWords('halved'),
        )
        .to(asked),
    ];
  }),
  pipeline('far', { from: { left, right } }, (from) => {
    const byNumber = from.left
      .union(from.right)
      .through(
        score({
          name: 'weighed',
          model: 'one column',
          columns: 1,
          features: ({ n }: Noted, target, offset) => {
            target[offset] = n;
          },
          fallback: () => -1,
        }),
        map(({ row, probability }) => ({ ...row, weight: Math.round(probability * 100) })),
      )
      .rekey('by-number', ({ n }) => `n${n % 7}`);
    const perNumber = byNumber
      .window(tumbling('3s'))
      .through(aggregate('per-number', { n: count(), weight: sum('weight') }, { lateness: '1s' }));
    const best = perNumber
      .rekey('by-window', ({ windowStart }) => windowStart)
      .window(tumbling('6s'))
      .through(top('most', 'weight', { k: 2 }));
    const silentNumber = absence(byNumber, { name: 'no-number', expectedBy: (_, now) => now + 3_000 });
    return [
      perNumber.through(inWords('per number')).to(far),
      perNumber.late.through(inWords('late number')).to(far),
      best.through(inWords('most')).to(far),
      silentNumber.through(inWords('no number')).to(far),
    ];
  }),
];

const across = answers('across');

/** Results by other keys than those of the input: which task has which rows does not matter to them. */
export const acrossKeys: readonly Pipeline[] = [
  pipeline('across', { from: { left, right } }, (from) => {
    const byNumber = from.left.rekey('by-number', ({ n }) => `n${n % 7}`);
    const otherByNumber = from.right.rekey('other-by-number', ({ n }) => `n${n % 7}`);
    const perNumber = byNumber
      .window(tumbling('3s'))
      .through(aggregate('per-number', { n: count(), sum: sum('n') }));
    const perWindow = perNumber
      .rekey('by-window', ({ windowStart }) => windowStart)
      .window(tumbling('3s'))
      .through(aggregate('per-window', { numbers: count(), rows: sum('n') }));
    const near = intervalJoin(byNumber, otherByNumber, {
      name: 'near-number',
      before: '1s',
      after: '500ms',
      how: 'left',
      mode: 'ordered',
      select: (l: Noted, r: Noted | null) => ({ key: l.key, at: l.at, n: l.n, r }),
    });
    const sessions = byNumber.window(session('2s')).through(aggregate('number-sessions', { n: count() }));
    return [
      perNumber.through(inWords('per number')).to(across),
      perWindow.through(inWords('per window')).to(across),
      near.through(inWords('near')).to(across),
      sessions.through(inWords('sessions')).to(across),
    ];
  }),
];
