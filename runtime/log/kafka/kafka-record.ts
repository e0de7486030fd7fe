import type { KafkaHeader, KafkaMessage } from '@confluentinc/kafka-javascript';
import { bufferOf } from '../../buffer-of.ts';
import type { Outgoing } from '../../kafka/outgoing.ts';
import type { LogRecord, TaskRecord } from '../log.ts';
import { EXTERNAL, STAMPER } from './kafka-names.ts';

/**
 * A header of ours beside the record's own: log time and who wrote it, `1767225600000.5 watch/1`. The broker's clock stamps the record
 * itself: log time may be another. It is one and not two, since a header costs the client as much as the rest of a small record.
 */
const HEARD = 'fw-heard';
/** What it was in the versions before. */
const HEARD_AT = 'fw-heard-at';
const PRODUCER = 'fw-producer';

interface WrittenBy {
  readonly topic: string;
  readonly partition: number;
  /** The task; of what comes from outside, who stamped it. */
  readonly writer: string;
  readonly wantsOffset?: boolean;
}

/** Records of the log as Kafka takes them. Neighbours share the header that says the same. */
export const toKafka = (
  records: readonly TaskRecord[],
  { topic, partition, writer, wantsOffset = false }: WrittenBy,
): Outgoing[] => {
  let last = NaN;
  let heard: readonly KafkaHeader[] = NONE;
  return records.map(({ heardAt, key, headers, value }) => {
    if (heardAt !== last) {
      last = heardAt;
      heard = [{ [HEARD]: `${heardAt} ${writer}` }];
    }
    return {
      topic,
      partition,
      key,
      value: bufferOf(value),
      headers: headers === undefined ? heard : [...heard, ...ownHeaders(headers)],
      wantsOffset,
    };
  });
};

const ownHeaders = (headers: Readonly<Record<string, string>>): KafkaHeader[] =>
  Object.entries(headers).map(([name, text]) => ({ [name]: text }));

/**
 * A record of Kafka as the log gives it. One that another program wrote into a topic of ours comes from outside, and
 * was heard when the broker took it.
 */
export const fromKafka = ({ offset, key, value, headers, timestamp }: KafkaMessage): LogRecord => {
  let heardAt: number | undefined;
  let writer = EXTERNAL;
  let own: Record<string, string> | undefined;
  for (const header of headers ?? NONE) {
    for (const name of Object.keys(header)) {
      const text = header[name]!.toString();
      if (name === HEARD) {
        const space = text.indexOf(' ');
        heardAt = Number(text.slice(0, space));
        writer = text.slice(space + 1);
      } else if (name === HEARD_AT) heardAt = Number(text);
      else if (name === PRODUCER) writer = text;
      else (own ??= {})[name] = text;
    }
  }
  const record = {
    offset,
    heardAt: heardAt ?? timestamp ?? 0,
    producer: writer,
    key: key?.toString() ?? '',
    headers: own ?? NO_HEADERS,
    value: value ?? NOTHING,
  };
  return writer.startsWith(STAMPER) ? { ...record, producer: EXTERNAL, stamper: writer } : record;
};

const NOTHING = new Uint8Array(0);
const NONE: readonly KafkaHeader[] = [];
const NO_HEADERS: LogRecord['headers'] = Object.freeze({});
