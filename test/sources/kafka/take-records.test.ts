import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { describe, expect, it } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { SourceLetter } from '../../../sources/kafka/source-counts.ts';
import { takeRecords, type TakeOptions } from '../../../sources/kafka/take-records.ts';
import { plainValues, type ValueDecoder } from '../../../sources/kafka/value-decoder.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const message = (offset: number, value: string | null, more: Partial<KafkaMessage> = {}): KafkaMessage => ({
  topic: 'orders',
  partition: 2,
  offset,
  value: value === null ? null : Buffer.from(value),
  key: null,
  timestamp: 1_700_000_000_000,
  size: value?.length ?? 0,
  ...more,
});

const begin = (options: Partial<TakeOptions> = {}) => {
  const log = new MemoryLog({ topics: { raw: 1 } });
  const letters: SourceLetter[] = [];
  const held: string[] = [];
  const stopping = new AbortController();
  const take = (messages: readonly KafkaMessage[], incarnation = 1) =>
    takeRecords(
      messages,
      () => incarnation,
      {
        source: 'tms',
        tombstones: 'skip',
        maxBytes: 100,
        decoder: plainValues('json'),
        log,
        letter: async (letter) => void letters.push(letter),
        ...options,
      },
      { signal: stopping.signal, onHeld: (why) => held.push(why) },
    );
  const texts = (): readonly string[] => log.all('raw').map(({ value }) => Buffer.from(value).toString());
  return { log, letters, held, stopping, take, texts };
};

describe('records of a foreign topic', () => {
  it('become documents that say where they come from', async () => {
    const { log, take } = begin();
    const headers = [{ trace: Buffer.from('t1') }, { trace: 't2' }, { raw: Buffer.from([0xff, 0]) }];
    await take([message(7, '{}', { key: Buffer.from('k'), headers })]);
    expect(log.all('raw')[0]).toMatchObject({
      key: 'tms',
      headers: {
        source: 'tms',
        contentType: 'application/json',
        via: 'kafka',
        documentId: 'kafka:orders/2/7',
        kafkaKey: 'k',
        kafkaTimestamp: '1700000000000',
        kafkaHeaders: '[["trace","t1"],["trace","t2"],["raw","base64:/wA="]]',
      },
    });
  });

  it('say themselves what they are, unless the configuration does', async () => {
    const headers = [{ 'Content-Type': Buffer.from('application/edi-x12') }];
    const said = begin({ decoder: plainValues('bytes') });
    await said.take([message(0, 'ISA', { headers }), message(1, 'ISA')]);
    const configured = begin({ decoder: plainValues('bytes', 'text/csv') });
    await configured.take([message(0, 'a,b', { headers })]);
    const typesOf = ({ log }: typeof said) => log.all('raw').map((record) => record.headers['contentType']);
    expect(typesOf(said)).toEqual(['application/edi-x12', 'application/octet-stream']);
    expect(typesOf(configured)).toEqual(['text/csv']);
  });

  it('are recognised when they are read again, and are others in another incarnation of the topic', async () => {
    const { take, texts } = begin();
    const messages = [message(0, '"a"'), message(1, '"b"')];
    expect(await take(messages)).toMatchObject({ taken: 2, duplicate: 0 });
    expect(await take(messages)).toMatchObject({ taken: 0, duplicate: 2 });
    expect(await take([messages[0]!], 2)).toMatchObject({ taken: 1, duplicate: 0 });
    expect(texts()).toEqual(['"a"', '"b"', '"a"']);
  });

  it('leave out headers that are too long for the log, and say so', async () => {
    const { log, take } = begin();
    const headers = [{ big: Buffer.alloc(60_000, 'x') }];
    await take([message(0, '1', { headers, key: Buffer.alloc(5_000, 'k') })]);
    expect(log.all('raw')[0]!.headers).toMatchObject({
      kafkaHeaders: '(60012 characters, left out)',
      kafkaKey: '(5000 characters, left out)',
    });
  });

  it('without a value are counted, and are letters only where that is wanted', async () => {
    const skipping = begin();
    expect(await skipping.take([message(0, null), message(1, '1')])).toEqual({
      taken: 1,
      duplicate: 0,
      tombstone: 1,
      letter: 0,
    });
    expect(skipping.letters).toEqual([]);
    const telling = begin({ tombstones: 'letter' });
    expect(await telling.take([message(0, null)])).toMatchObject({ tombstone: 1, letter: 1 });
    expect(telling.letters[0]).toMatchObject({ code: 'FW402', documentId: 'kafka:orders/2/0' });
  });

  it('that are too long, or refused by the log, are letters, and the others go on', async () => {
    const { log, letters, take, texts } = begin();
    log.failAppends = (_topic, { value }) =>
      value.length === 3 ? new ForewarnError('FW702', 'refused here') : undefined;
    const taken = await take([
      message(0, '1'),
      message(1, 'x'.repeat(101)),
      message(2, '123'),
      message(3, '4'),
    ]);
    expect(taken).toEqual({ taken: 2, duplicate: 0, tombstone: 0, letter: 2 });
    expect(texts()).toEqual(['1', '4']);
    expect(letters.map(({ message: one, reason }) => [one?.offset, reason])).toEqual([
      [1, '101 bytes, more than 100; raise http.maxDocumentBytes'],
      [2, 'FW702 refused here'],
    ]);
  });

  it('wait while the line is full, and stay in order', async () => {
    const { log, held, take, texts } = begin();
    let room = 2;
    log.failAppends = () => (room-- > 0 ? undefined : new ForewarnError('FW310', 'full'));
    const taking = take([0, 1, 2, 3, 4].map((n) => message(n, String(n))));
    await expect.poll(() => held.length).toBeGreaterThan(0);
    room = 100;
    expect(await taking).toMatchObject({ taken: 5 });
    expect(texts()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('wait while schemas cannot be had, and are no letters for that', async () => {
    let asked = 0;
    const plain = plainValues('json');
    const decoder: ValueDecoder = {
      ...plain,
      prepare: async () => {
        asked += 1;
        if (asked < 3) throw new ForewarnError('FW619', 'away');
      },
    };
    const { held, letters, take, texts } = begin({ decoder });
    await take([message(0, '1')]);
    expect([asked, held, letters, texts()]).toEqual([3, ['FW619 away', 'FW619 away'], [], ['1']]);
  });

  it('give up when they are told to stop, and were then not taken', async () => {
    const { log, take, stopping, held } = begin();
    log.failAppends = () => new ForewarnError('FW310', 'full');
    const taking = take([message(0, '1')]);
    await expect.poll(() => held.length).toBeGreaterThan(0);
    stopping.abort();
    await expect(taking).rejects.toThrow('aborted');
    expect(log.all('raw')).toEqual([]);
  });
});
