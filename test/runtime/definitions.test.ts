import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate } from '../../operators/aggregate.ts';
import { count } from '../../operators/aggregates/count.ts';
import { asOf } from '../../operators/as-of.ts';
import { absence } from '../../operators/absence.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import { score } from '../../operators/score.ts';
import { where } from '../../operators/where.ts';
import type { Duration } from '../../runtime/duration.ts';
import { createEngine } from '../../runtime/engine.ts';
import type { Flow } from '../../runtime/flow.ts';
import { pipeline } from '../../runtime/pipeline.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { topic } from '../../runtime/topic.ts';
import { everyRows, hopping, tumbling } from '../../runtime/window-spec.ts';
import { left, lawTopics, letters, type Noted, out, right, type Said } from '../support/law-topics.ts';
import { MemoryLog } from '../support/memory-log.ts';

const said = map(({ at, key }: Noted): Said => ({ at, key, what: '' }));
const counting = (name: string, flow: Flow<Noted>) =>
  keyedProcess(name, {
    inputs: { rows: flow.keyBy('key') },
    emits: rowsOf<Said>(),
    initial: 0,
    on: { rows: () => undefined },
  });

/** An engine on a log that would tell if anything was read or written. */
const engineOf = (pipelines: readonly Pipeline[], topics: Readonly<Record<string, number>>) => {
  const log = new MemoryLog({ topics });
  const ran = (): Promise<never> => Promise.reject(new Error('something ran'));
  log.read = ran;
  log.commit = ran;
  log.append = ran;
  return createEngine({
    pipelines,
    log,
    stateFolder: '/nowhere',
    services: {
      scorer: () => {
        throw new Error('something ran');
      },
    },
    observer: silentObserver,
    wall: { now: () => 0 },
    deadLetter: () => ({ topic: letters as never, row: {} }),
    onError: (error) => {
      throw error;
    },
  });
};

describe('a definition is refused before anything runs:', () => {
  it('FW201, a step that keeps state has no name', () => {
    expect(() => pipeline('p', { from: { left } }, (from) => [counting('', from.left).to(out)])).toThrow(
      /^FW201 pipeline "p": a step "process" keeps state and has no name; give it one/,
    );
  });

  it('FW202, two steps have one name', () => {
    expect(() =>
      pipeline('p', { from: { left, right } }, (from) => [
        counting('count', from.left).to(out),
        counting('count', from.right).to(out),
      ]),
    ).toThrow(/^FW202 pipeline "p": two steps are named "count"; /);
  });

  it.each(['', '5', '0s', '1.5h', '-3m', '10 m', '3w', '1h30m', '9999999999s'])(
    'FW203, "%s" is no duration',
    (text) => {
      const checkpoint = text as Duration;
      expect(() => pipeline('p', { from: { left }, checkpoint }, (from) => [from.left.to(right)])).toThrow(
        /^FW203 duration ".*" is not a whole number with ms, s, m, h or d, such as 15m$/,
      );
      expect(() =>
        pipeline('p', { from: { left, right } }, (from) => [
          asOf(from.left.keyBy('key'), from.right.keyBy('key'), { name: 'j', within: checkpoint })
            .through(map((pair) => pair.left))
            .to(left),
        ]),
      ).toThrow(/^FW203 /);
    },
  );

  it('FW204, topics that are joined have different numbers of partitions', () => {
    const joined = pipeline('p', { from: { left, right } }, (from) => [
      asOf(from.left.keyBy('key'), from.right.keyBy('key'), { name: 'j', within: '1h' })
        .through(map((pair) => pair.left))
        .through(said)
        .to(out),
    ]);
    expect(() => engineOf([joined], { ...lawTopics, left: 4, right: 3 })).toThrow(
      /^FW204 stage "p": topic "right" has 3 partitions and "left" has 4; /,
    );
    expect(() => engineOf([joined], { ...lawTopics, left: 4, right: 4 })).not.toThrow();
  });

  it('FW205, a step joins flows of two definitions', () => {
    let stolen: Flow<Noted> | undefined;
    pipeline('first', { from: { left } }, (from) => {
      stolen = from.left;
      return [from.left.through(said).to(out)];
    });
    expect(() =>
      pipeline('second', { from: { right } }, (from) => [
        asOf(from.right.keyBy('key'), stolen!.keyBy('key'), { name: 'j', within: '1h' })
          .through(map((pair) => pair.left))
          .through(said)
          .to(out),
      ]),
    ).toThrow(/^FW205 pipeline "(first|second)": a step joins flows of two definitions; /);
  });

  it('FW210, windows over rows without event time', () => {
    const timeless = topic('left', { schema: z.object({ key: z.string() }), key: 'key', at: null });
    expect(() =>
      pipeline('p', { from: { timeless } }, ({ timeless: rows }) => [
        rows
          .keyBy('key')
          .window(tumbling('1m'))
          .through(aggregate('counts', { n: count() }))
          .through(map(({ key, n }): Said => ({ at: 0, key, what: `${n}` })))
          .to(out),
      ]),
    ).toThrow(/^FW210 pipeline "p" step "counts": the rows of topic "left" have no event time; /);
  });

  it('FW211, a key that is not the one by which the topic is placed', () => {
    const placed = topic('left', {
      schema: z.object({ at: z.number(), key: z.string(), zone: z.string() }),
      key: 'key',
    });
    const counted = (
      from: { readonly placed: Flow<{ at: number; key: string; zone: string }> },
      how: 'by' | 're',
    ) =>
      (how === 'by'
        ? from.placed.through(where(() => true)).keyBy('zone')
        : from.placed.rekey('zones', 'zone')
      )
        .window(tumbling('1m'))
        .through(aggregate('counts', { n: count() }))
        .through(map(({ zone, n }): Said => ({ at: 0, key: zone, what: `${n}` })))
        .to(out);
    expect(() => pipeline('p', { from: { placed } }, (from) => [counted(from, 'by')])).toThrow(
      /^FW211 pipeline "p": topic "left" is placed by "key", so keyBy\("zone"\) would see only a part /,
    );
    expect(() => pipeline('p', { from: { placed } }, (from) => [counted(from, 're')])).not.toThrow();
  });

  it.each([
    ['a slide longer than the size', () => hopping('1m', '2m')],
    ['a slide that does not divide the size', () => hopping('1m', '25s')],
    ['too many slides', () => hopping('1d', '1ms')],
    ['a group of no rows', () => everyRows(0, { ttl: '1h' })],
    [
      'lateness of a window that has no end in time',
      () =>
        pipeline('p', { from: { left } }, (from) => [
          from.left
            .keyBy('key')
            .window(everyRows(3, { ttl: '1h' }))
            .through(aggregate('counts', { n: count() }, { lateness: '1m' }))
            .through(map(({ key, n }): Said => ({ at: 0, key, what: `${n}` })))
            .to(out),
        ]),
    ],
  ])('FW213, %s', (_, define) => {
    expect(define).toThrow(/^FW213 /);
  });

  it('FW214, a keyed sink after a step that may answer otherwise the second time', () => {
    const scored = score<Noted>({
      name: 's',
      model: 'm',
      columns: 1,
      features: () => undefined,
      fallback: () => 0,
    });
    const words = map(({ row }: { readonly row: Noted }): Said => ({ at: row.at, key: row.key, what: '' }));
    const define = (mode: 'epoch' | 'keyed') => () =>
      pipeline('p', { from: { left } }, (from) => [from.left.through(scored, words).to(out, { mode })]);
    expect(define('keyed')).toThrow(/^FW214 pipeline "p": topic "out" .* step "s" may answer otherwise /);
    expect(define('epoch')).not.toThrow();
  });

  it('FW215, exactly once from a source that cannot be read again', () => {
    const once = { ...left, replayable: false };
    const define = (mode: 'epoch' | 'keyed') => () =>
      pipeline('p', { from: { once } }, (from) => [from.once.through(said).to(out, { mode })]);
    expect(define('epoch')).toThrow(/^FW215 pipeline "p": topic "out" is written exactly once, but "left" /);
    expect(define('keyed')).not.toThrow();
  });

  it('FW216, a flow of a definition is subscribed to', () => {
    pipeline('p', { from: { left } }, (from) => {
      const errors: unknown[] = [];
      from.left.subscribe({ error: (error) => errors.push(error) });
      expect(String(errors[0])).toMatch(/FW216 pipeline "p": a flow of a definition was subscribed to/);
      return [from.left.through(said).to(out)];
    });
  });

  it.each([Infinity, NaN, 2.5])('FW206, %s rows may wait for their right side', (maxWaiting) => {
    expect(() =>
      pipeline('p', { from: { left, right } }, (from) => [
        asOf(from.left.keyBy('key'), from.right.keyBy('key'), { name: 'j', within: '1h', maxWaiting })
          .through(map((pair) => pair.left))
          .through(said)
          .to(out),
      ]),
    ).toThrow(new RegExp(`^FW206 pipeline "p" step "j": maxWaiting is ${maxWaiting}; `));
  });

  it.each([0, -1, 2.5, Infinity])('FW206, %s keys answer a row of a table at once', (keysAtOnce) => {
    expect(() =>
      pipeline('p', { from: { left } }, (from) => [
        keyedProcess('k', {
          inputs: { left: from.left.keyBy('key') },
          emits: rowsOf<Said>(),
          initial: null,
          on: { left: () => undefined },
          keysAtOnce,
        }).to(out),
      ]),
    ).toThrow(new RegExp(`^FW206 pipeline "p" step "k": keysAtOnce is ${keysAtOnce}; give a whole number`));
  });

  it('FW207, a topic, a key or a step leads nowhere', () => {
    expect(() => pipeline('p', { from: { left, right } }, (from) => [from.left.to(right)])).toThrow(
      /^FW207 pipeline "p": topic "right" is read and leads nowhere; /,
    );
    expect(() =>
      pipeline('p', { from: { left } }, (from) => {
        from.left.keyBy('key');
        return [from.left.through(said).to(out)];
      }),
    ).toThrow(/^FW207 pipeline "p": keyBy leads nowhere; /);
    expect(() =>
      pipeline('p', { from: { left } }, (from) => {
        absence(from.left.keyBy('key'), { name: 'silent', expectedBy: () => null });
        return [from.left.through(said).to(out)];
      }),
    ).toThrow(/^FW207 pipeline "p": step "silent" leads nowhere; /);
  });

  it('FW209, a stage waits for itself', () => {
    expect(() =>
      pipeline('p', { from: { left } }, (from) => [from.left.through(map((row) => row)).to(left)]),
    ).toThrow(/^FW209 stages "p" → "p" /);
  });

  it('FW303, a topic is not one of the log', () => {
    const built = pipeline('p', { from: { left } }, (from) => [from.left.through(said).to(out)]);
    expect(() => engineOf([built], { out: 1 })).toThrow(/^FW303 topic "left"/);
  });
});

it('building a definition calls no callback and reads nothing', () => {
  const called = (): Error => new Error('called');
  const built = pipeline('p', { from: { left } }, (from) => {
    const keyed = from.left.keyBy(() => {
      throw called();
    });
    const silent = absence(keyed, {
      name: 'silent',
      expectedBy: () => {
        throw called();
      },
    });
    const words = map((): Said => {
      throw called();
    });
    return [silent.through(words).to(out)];
  });
  expect(() => engineOf([built], lawTopics)).not.toThrow();
});
