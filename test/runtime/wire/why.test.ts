import { describe, expect, it } from 'vitest';
import { type InputInsight, type TaskInsight, whyOf } from '../../../runtime/wire/why.ts';

const NOON = Date.parse('2026-01-05T12:00:00Z');
const at = (minutes: number): number => NOON + minutes * 60_000;

const input = (over: Partial<InputInsight>): InputInsight => ({
  topic: 'tracking',
  partition: 0,
  producer: 'external',
  broadcast: false,
  watermark: at(0),
  highest: at(0),
  heardAt: at(0),
  isIdle: false,
  frontier: at(0),
  lag: 0,
  last: null,
  next: null,
  ...over,
});
const task = (over: Partial<TaskInsight>): TaskInsight => ({
  task: 'watch/0',
  stage: 'watch',
  logTime: at(0),
  time: at(0),
  watermark: at(0),
  inputs: [input({})],
  credit: { left: 8, underWay: 0, commits: 0, barriers: 0 },
  ...over,
});
const told = (insight: TaskInsight) => whyOf('watch', [insight]).tasks[0]!;

describe('why', () => {
  it('says when nothing holds a task', () => {
    const { sentences, waitsFor, creditIsOut } = told(task({}));
    expect(sentences[0]).toBe('watch/0 has come as far as the log, 2026-01-05T12:00:00Z; no record waits.');
    expect(waitsFor).toBeNull();
    expect(creditIsOut).toBe(false);
  });

  it('names the input, the producer and the record that hold the watermark', () => {
    const record = { offset: 41, key: 'S-1', at: at(-90), heardAt: at(-80) };
    const { watermarkHeldBy, sentences } = told(
      task({
        watermark: at(-90),
        inputs: [
          input({ topic: 'plans', watermark: at(-5) }),
          input({ producer: 'normalise-2/1', watermark: at(-90), highest: at(-90), last: record }),
          // Lower still, but these hold nothing.
          input({ topic: 'decisions', watermark: at(-900), isIdle: true }),
          input({ topic: 'plans', producer: 'normalise-1/1', isIdle: true }),
          input({ topic: 'weather', watermark: -Infinity, broadcast: true }),
        ],
      }),
    );
    expect(watermarkHeldBy).toEqual({ topic: 'tracking', partition: 0, producer: 'normalise-2/1', record });
    expect(sentences).toContain(
      'Its watermark is 2026-01-05T10:30:00Z, 90 min behind the log; tracking/0 from normalise-2/1 holds it: the latest that it told of happened 2026-01-05T10:30:00Z. It was told by tracking/0@41 (key "S-1", happened 2026-01-05T10:30:00Z, heard 2026-01-05T10:40:00Z).',
    );
    expect(sentences.at(-1)).toBe(
      'Idle, and so holding nothing back: decisions/0, plans/0 from normalise-1/1.',
    );
  });

  it('names an input that has brought nothing', () => {
    const { sentences } = told(
      task({ watermark: -Infinity, inputs: [input({ watermark: -Infinity, highest: -Infinity })] }),
    );
    expect(sentences.at(-1)).toBe(
      'Its watermark is held by tracking/0, which has brought nothing yet; it is waited for until it counts as idle.',
    );
  });

  it('names the producer that a task waits for before it takes what is there', () => {
    const next = { offset: 9, key: 'S-2', at: at(-1), heardAt: at(-1) };
    const { waitsFor, sentences } = told(
      task({
        time: at(-30),
        inputs: [
          input({ topic: 'plans', producer: 'normalise-1/0', lag: 3, next, frontier: at(-1) }),
          input({ topic: 'tracking', producer: 'normalise-2/0', frontier: at(-2) }),
          input({ topic: 'tracking', producer: 'normalise-2/1', frontier: at(-30) }),
        ],
      }),
    );
    expect(waitsFor).toMatchObject({ topic: 'tracking', producer: 'normalise-2/1' });
    expect(sentences.slice(0, 2)).toEqual([
      'watch/0 has come to log time 2026-01-05T11:30:00Z, 30 min behind the log; 3 records wait to be done.',
      'It waits for normalise-2/1, which writes tracking/0 and has come to 2026-01-05T11:30:00Z only: until then an earlier record may still come.',
    ]);
  });

  it('does not blame a producer that has come past the record', () => {
    const next = { offset: 9, key: 'S-2', at: at(-1), heardAt: at(-10) };
    const inputs = [
      input({ topic: 'plans', lag: 1, next }),
      input({ producer: 'normalise-2/0', frontier: at(-10) }),
    ];
    expect(told(task({ inputs })).waitsFor).toBeNull();
    expect(told(task({ inputs })).sentences).toContain('Nothing holds it: it is working on them.');
  });

  it('says where credit is stuck', () => {
    const out = told(task({ credit: { left: 0, underWay: 8, commits: 2, barriers: 1 } }));
    expect(out.creditIsOut).toBe(true);
    expect(out.sentences).toEqual(
      expect.arrayContaining([
        'Its credit is out: 8 batches are under way outside the thread (scoring, look-ups) and have not come back.',
        '1 barrier waits for asynchronous steps to end what they began.',
        '2 commits wait for the disk.',
      ]),
    );
    const some = told(task({ credit: { left: 5, underWay: 3, commits: null, barriers: null } }));
    expect(some.creditIsOut).toBe(false);
    expect(some.sentences).toContain('Under way outside the thread: 3 batches of 8.');
    const unknown = told(task({ credit: { left: 0, underWay: null, commits: null, barriers: null } }));
    expect(unknown.sentences[1]).toMatch(/^Its credit is out: as many batches as may be are under way/);
  });

  it('says that a task has not begun', () => {
    expect(told(task({ time: -Infinity })).sentences[0]).toMatch(/^watch\/0 has not begun/);
  });
});
