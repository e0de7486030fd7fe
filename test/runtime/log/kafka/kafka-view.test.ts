import { describe, expect, it } from 'vitest';
import { KafkaView } from '../../../../runtime/log/kafka/kafka-view.ts';
import type { Marker } from '../../../../runtime/log/kafka/marker.ts';
import { TakenBack } from '../../../../runtime/log/kafka/taken-back.ts';

const place = { topic: 'p.rows', partition: 0 };
const PLACE = 'p.rows/0';
const message = (offset: number) => ({
  ...place,
  offset,
  key: 'k',
  value: Buffer.from('x'),
  size: 1,
  headers: [],
});
const markerOf = (producer: string, epoch: number, end: number, topic = place.topic): Marker => ({
  producer,
  epoch,
  frontier: epoch * 10,
  ends: [[topic, 0, end]],
  state: null,
  documents: [],
});

const viewOf = () => {
  const counted: string[] = [];
  const followed = new Set([PLACE]);
  const view = new KafkaView(
    1 << 20,
    (name) => followed.has(name),
    ({ producer, epoch }) => counted.push(`${producer} ${epoch}`),
  );
  view.tails.begin(PLACE, 0, 0);
  return { view, counted, followed };
};

// Seen red with a commit that counts as soon as its marker is read.
describe('what a process has read of the log', () => {
  it('counts a commit when its rows have come too, though its marker came first', () => {
    const { view, counted } = viewOf();
    view.marker(markerOf('a/0', 1, 3));
    view.settle();
    view.records(PLACE, [0, 1].map(message));
    view.settle();
    expect([view.epoch('a/0'), view.readEpoch('a/0'), view.frontier('a/0'), counted]).toEqual([
      0,
      1,
      -Infinity,
      [],
    ]);
    view.records(PLACE, [message(2)]);
    view.settle();
    expect([view.epoch('a/0'), view.frontier('a/0'), counted]).toEqual([1, 10, ['a/0 1']]);
  });

  it('counts the commits of one producer in order, and those of others meanwhile', () => {
    const { view, counted } = viewOf();
    view.marker(markerOf('a/0', 1, 5));
    view.marker(markerOf('a/0', 2, 1));
    view.marker(markerOf('b/0', 1, 1));
    view.records(PLACE, [message(0)]);
    view.settle();
    expect(counted).toEqual(['b/0 1']);
    view.records(PLACE, [message(4)]);
    view.settle();
    expect(counted).toEqual(['b/0 1', 'a/0 1', 'a/0 2']);
  });

  it('waits for nothing of partitions that it does not read', () => {
    const { view, counted } = viewOf();
    view.marker(markerOf('a/0', 1, 100, 'p.elsewhere'));
    view.settle();
    expect(counted).toEqual(['a/0 1']);
  });

  it('knows where partitions end that it does not read, from what counts and nothing else', () => {
    const { view, counted } = viewOf();
    view.marker({
      ...markerOf('a/0', 1, 100, 'p.elsewhere'),
      ends: [
        ['p.elsewhere', 0, 100],
        ['p.rows', 0, 1],
      ],
    });
    view.settle();
    expect([counted, view.end('p.elsewhere/0')]).toEqual([[], 0]);
    view.records(PLACE, [message(0)]);
    view.settle();
    expect([counted, view.end('p.elsewhere/0')]).toEqual([['a/0 1'], 100]);
    // What is not in memory is not nothing.
    expect(view.read('p.elsewhere/0', 0, 1_000)).toBeUndefined();
  });

  it('answers from memory only when it has come to where it knows that there is more', () => {
    const { view, followed } = viewOf();
    view.records(PLACE, [0, 1, 2].map(message));
    followed.delete('p.rows/0');
    view.leave('p.rows/0');
    expect([view.end('p.rows/0'), view.read('p.rows/0', 0, 1_000)]).toEqual([3, undefined]);
    view.marker(markerOf('a/0', 1, 6));
    view.settle();
    expect(view.end('p.rows/0')).toBe(6);
    // Followed again, from further back.
    view.tails.begin('p.rows/0', 2, 2);
    followed.add('p.rows/0');
    view.records(PLACE, [message(2)]);
    expect([view.end('p.rows/0'), view.read('p.rows/0', 2, 1_000)]).toEqual([6, undefined]);
    view.records(PLACE, [message(5)]);
    expect(view.read('p.rows/0', 2, 1_000)?.map(({ offset }) => offset)).toEqual([2, 5]);
    // A commit that counts is behind it, and the next one is waited for.
    view.marker(markerOf('a/0', 2, 8));
    view.settle();
    expect(view.epoch('a/0')).toBe(1);
    view.records(PLACE, [message(7)]);
    view.settle();
    expect(view.epoch('a/0')).toBe(2);
  });

  it('does not wait any more for what it has left', () => {
    const { view, counted, followed } = viewOf();
    view.marker(markerOf('a/0', 1, 3));
    view.settle();
    expect(counted).toEqual([]);
    followed.delete('p.rows/0');
    view.leave('p.rows/0');
    view.settle();
    expect([counted, view.end('p.rows/0')]).toEqual([['a/0 1'], 3]);
  });

  it('takes a record or marker that comes again for the one that it has', () => {
    const { view, counted } = viewOf();
    view.records(PLACE, [0, 1, 1, 0, 3].map(message));
    for (const epoch of [1, 1, 2, 1]) view.marker(markerOf('a/0', epoch, 1));
    view.settle();
    expect(counted).toEqual(['a/0 1', 'a/0 2']);
    expect(view.tails.read('p.rows/0', 0, 1_000)?.map(({ offset }) => offset)).toEqual([0, 1, 3]);
    expect(view.tails.end('p.rows/0')).toBe(4);
  });

  it('is set back where the log was taken back, and knows ends without what is left out', () => {
    const { view, counted } = viewOf();
    const state = { at: 7, end: 8, from: 1, parts: 1 };
    view.count({ ...markerOf('a/0', 5, 30), state });
    view.count(markerOf('b/0', 2, 20, 'p.other'));
    view.raiseFrontier('a/0', 99);
    const back = { producer: 'a/0', frontier: 20, ends: [], documents: [], takesBack: true } as const;
    view.count({ ...back, epoch: 2, state: { ...state, at: 3, end: 4 } });
    view.count({ ...back, producer: 'b/0', epoch: 0, frontier: -Infinity, state: null });
    expect([view.epoch('a/0'), view.readEpoch('a/0'), view.frontier('a/0')]).toEqual([2, 2, 20]);
    expect([view.epoch('b/0'), view.frontier('b/0'), view.state('b/0')]).toEqual([0, -Infinity, null]);
    expect(view.state('a/0')).toMatchObject({ at: 3, end: 4 });
    expect(view.hasGoneOn).toBe(false);
    view.takeBack(
      new TakenBack({
        generation: 1,
        savepoint: { id: '1', name: 'one' },
        filled: [],
        ranges: [
          { place: PLACE, from: 10, until: 40, kept: 15, generation: 1 },
          { place: 'p.unread/0', from: 3, until: 9, kept: 5, generation: 1 },
        ],
      }),
    );
    // Also where no marker is left that would tell it.
    expect([PLACE, 'p.other/0', 'p.unread/0'].map((place) => view.end(place))).toEqual([15, 20, 5]);
    view.count(markerOf('a/0', 3, 45));
    expect([view.epoch('a/0'), view.end(PLACE), view.hasGoneOn]).toEqual([3, 45, true]);
    expect(counted.at(-1)).toBe('a/0 3');
  });

  it('tells how far a producer has come by its commits, whatever it promised since', () => {
    const { view } = viewOf();
    view.count(markerOf('a/0', 1, 0));
    view.raiseFrontier('a/0', 15);
    expect([view.frontier('a/0'), view.committedFrontier('a/0')]).toEqual([15, 10]);
  });
});
