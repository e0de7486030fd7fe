import { describe, expect, it } from 'vitest';
import { fromKafka } from '../../../../runtime/log/kafka/kafka-record.ts';
import {
  StateChangelog,
  statePartitionOf,
  stateRecords,
  statesOf,
} from '../../../../runtime/log/kafka/state-changelog.ts';
import type { LogRecord } from '../../../../runtime/log/log.ts';

const written = (producer: string, epoch: number, state: Uint8Array, at: number): readonly LogRecord[] =>
  stateRecords('s', { producer, epoch, heardAt: epoch }, state).map((record, part) =>
    fromKafka({
      topic: record.topic,
      partition: record.partition,
      offset: at + part,
      key: record.key,
      value: record.value,
      headers: record.headers,
      size: 1,
    }),
  );

describe('a state in Kafka', () => {
  it('of many parts is read whole, between those of others, and not at all where its first part is missing', () => {
    const large = Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 13) & 0xff);
    const [first, second, third] = written('a/0', 1, large, 0);
    const [other] = written('b/0', 1, Uint8Array.of(7), 3);
    const small = written('a/0', 2, Uint8Array.of(9), 5);
    const records = [first!, other!, second!, third!, ...small];
    const states = statesOf(records, 'a/0');
    expect(states.map(({ offset }) => offset)).toEqual([2, 5]);
    expect(Buffer.compare(states[0]!.value, large)).toBe(0);
    expect(statesOf([second!, third!, ...small], 'a/0').map(({ offset }) => offset)).toEqual([5]);
  });

  it('is deleted when nobody needs it, part by part, once, and the last one never', () => {
    const changelog = new StateChangelog();
    const keysOf = () => changelog.tombstones('s', 'a/0').map(({ key, value }) => [key, value]);
    changelog.begin('a/0', 0, null);
    changelog.wrote('a/0', 1, { at: 10, end: 12, parts: 2 });
    changelog.wrote('a/0', 2, { at: 15, end: 16, parts: 1 });
    changelog.wrote('a/0', 3, { at: 20, end: 21, parts: 1 });
    expect(keysOf()).toEqual([]);
    changelog.needFrom('a/0', 16);
    const gone = [1, 2].flatMap((epoch) => [0, 1].map((part) => [`a/0#${epoch}#${part}`, null]));
    expect(keysOf()).toEqual(gone);
    expect(changelog.tombstones('s', 'a/0')[0]!.partition).toBe(statePartitionOf('a/0'));
    expect(changelog.wrote('a/0', 4, { at: 30, end: 31, parts: 1 })).toEqual({
      at: 30,
      end: 31,
      from: 3,
      parts: 2,
    });
    expect(keysOf()).toEqual([]);
    changelog.needFrom('a/0', Infinity);
    expect(keysOf().map(([key]) => key)).toEqual(['a/0#3#0', 'a/0#3#1']);
  });

  it('is deleted some at a time where much is dead, and all of it in the end', () => {
    const changelog = new StateChangelog();
    changelog.begin('a/0', 2_500, { at: 40, end: 41, from: 1, parts: 1 });
    const gone: unknown[] = [];
    for (let epoch = 2_501; epoch < 2_505; epoch++) {
      const tombstones = changelog.tombstones('s', 'a/0');
      expect(tombstones.length).toBeLessThanOrEqual(1_000);
      gone.push(...tombstones.map(({ key }) => key));
      changelog.wrote('a/0', epoch, { at: 2 * epoch, end: 2 * epoch + 1, parts: 1 });
      changelog.needFrom('a/0', Infinity);
    }
    gone.push(...changelog.tombstones('s', 'a/0').map(({ key }) => key));
    expect(gone).toEqual(Array.from({ length: 2_503 }, (_, n) => `a/0#${n + 1}#0`));
  });

  it('of an earlier life is deleted as one, when a newer one is all that is needed', () => {
    const changelog = new StateChangelog();
    changelog.begin('a/0', 7, { at: 40, end: 41, from: 5, parts: 1 });
    changelog.needFrom('a/0', 40);
    changelog.wrote('a/0', 8, { at: 50, end: 51, parts: 1 });
    expect(changelog.tombstones('s', 'a/0')).toEqual([]);
    changelog.needFrom('a/0', 41);
    expect(changelog.tombstones('s', 'a/0').map(({ key }) => key)).toEqual(['a/0#5#0', 'a/0#6#0', 'a/0#7#0']);
  });

  it('of a producer that was taken back is deleted when all that its partition held by then is needed no more', () => {
    const changelog = new StateChangelog();
    // Epochs 5 to 7 of before the cut at 41; what came until 90 is left out.
    changelog.begin('a/0', 7, { at: 40, end: 41, from: 5, parts: 2, reached: 90 });
    changelog.wrote('a/0', 8, { at: 95, end: 96, parts: 1 });
    changelog.wrote('a/0', 9, { at: 97, end: 98, parts: 1 });
    // As a savepoint needs it whose base is older than the cut, or one of what is left out.
    changelog.needFrom('a/0', 60);
    expect(changelog.tombstones('s', 'a/0')).toEqual([]);
    changelog.needFrom('a/0', 96);
    expect(changelog.tombstones('s', 'a/0').map(({ key }) => key)).toEqual(
      [5, 6, 7, 8].flatMap((epoch) => [0, 1].map((part) => `a/0#${epoch}#${part}`)),
    );
  });
});
