import { describe, expect, it } from 'vitest';
import { type DeadLetter, deadLetterStages } from '../../../domain/dead-letter.ts';
import { deadLetterRecord } from '../../../sinks/kafka/dead-letter-record.ts';

const letter: DeadLetter = {
  id: 'a'.repeat(32),
  at: 1,
  heardAt: 1,
  stage: 'decode',
  feed: 'tms',
  document: 'kafka:their.orders/3/17',
  position: 0,
  step: 'decode',
  code: 'FW401',
  reason: 'it is not JSON',
  bytes: Buffer.from([0, 255, 7]).toString('base64'),
  codeVersion: '1',
  origin: { topic: 'raw', partition: null, offset: 99, key: 'tms', contentType: null },
};
const headersOf = (of: DeadLetter): Readonly<Record<string, unknown>> =>
  Object.assign({}, ...deadLetterRecord('dead', of, null).headers) as Readonly<Record<string, unknown>>;
const placeOf = (of: DeadLetter) =>
  ['topic', 'partition', 'offset'].map((name) => headersOf(of)[`__connect.errors.${name}`]);

describe('a dead letter as a record', () => {
  it('has the bytes as they came, under the key of the record', () => {
    const { key, value, partition } = deadLetterRecord('dead', letter, 'k');
    expect([key, [...value!], partition]).toEqual(['k', [0, 255, 7], -1]);
  });

  it('says where it was: in Kafka, in our log, or nowhere', () => {
    expect(placeOf(letter)).toEqual(['their.orders', '3', '17']);
    expect(placeOf({ ...letter, document: 'kafka:their.orders#2/3/17' })).toEqual([
      'their.orders',
      '3',
      '17',
    ]);
    expect(placeOf({ ...letter, document: 'file-1' })).toEqual(['raw', '-1', '99']);
    const gap = { topic: 'kafka:orders', partition: null, offset: null, key: null, contentType: null };
    expect(placeOf({ ...letter, document: 'kafka:orders#1/*/0-5', origin: gap })).toEqual([
      'orders',
      '-1',
      '-1',
    ]);
    expect(placeOf({ ...letter, document: 'file-1', origin: null })).toEqual(['', '-1', '-1']);
  });

  it('has a stage of Kafka Connect for each of ours', () => {
    for (const stage of deadLetterStages)
      expect(['VALUE_CONVERTER', 'TRANSFORMATION', 'TASK_PUT']).toContain(
        headersOf({ ...letter, stage })['__connect.errors.stage'],
      );
  });
});
