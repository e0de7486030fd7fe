import { describe, expect, it } from 'vitest';
import { asOf } from '../../operators/as-of.ts';
import { absence } from '../../operators/absence.ts';
import { keyedProcess, rowsOf } from '../../operators/keyed-process.ts';
import { map } from '../../operators/map.ts';
import type { Duration } from '../../runtime/duration.ts';
import { createEngine } from '../../runtime/engine.ts';
import { type Flow, pipeline } from '../../runtime/flow.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
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

  it('FW205, one topic reaches a step by two of its inputs', () => {
    expect(() =>
      pipeline('p', { from: { left } }, (from) => [
        asOf(from.left.keyBy('key'), from.left.keyBy('key'), { name: 'j', within: '1h' })
          .through(map((pair) => pair.left))
          .through(said)
          .to(out),
      ]),
    ).toThrow(/^FW205 pipeline "p" step "j": topic "left" reaches it by two of its inputs; /);
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
