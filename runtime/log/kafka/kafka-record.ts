import type { KafkaHeader, KafkaMessage } from '@confluentinc/kafka-javascript';
import { bufferOf } from '../../buffer-of.ts';
import type { Outgoing } from '../../kafka/outgoing.ts';
import type { LogRecord } from '../log.ts';
import { EXTERNAL, STAMPER } from './kafka-names.ts';

/** Headers of ours beside the record's own. The broker's clock stamps the record itself: log time may be another. */
const HEARD_AT = 'fw-heard-at';
const PRODUCER = 'fw-producer';

/** A record of the log as Kafka takes it. */
export const toKafka = (
  place: { readonly topic: string; readonly partition: number },
  { heardAt, producer, stamper, key, headers, value }: Omit<LogRecord, 'offset'>,
): Outgoing => ({
  topic: place.topic,
  partition: place.partition,
  key,
  value: bufferOf(value),
  headers: [
    { [HEARD_AT]: String(heardAt) },
    { [PRODUCER]: stamper ?? producer },
    ...Object.entries(headers).map(([name, text]): KafkaHeader => ({ [name]: text })),
  ],
});

/**
 * A record of Kafka as the log gives it. One that another program wrote into a topic of ours comes from outside, and
 * was heard when the broker took it.
 */
export const fromKafka = ({ offset, key, value, headers, timestamp }: KafkaMessage): LogRecord => {
  let heardAt: number | undefined;
  let writer = EXTERNAL;
  const own: Record<string, string> = {};
  for (const header of headers ?? []) {
    for (const [name, said] of Object.entries(header)) {
      const text = said.toString();
      if (name === HEARD_AT) heardAt = Number(text);
      else if (name === PRODUCER) writer = text;
      else own[name] = text;
    }
  }
  const isStamper = writer.startsWith(STAMPER);
  return {
    offset,
    heardAt: heardAt ?? timestamp ?? 0,
    producer: isStamper ? EXTERNAL : writer,
    ...(isStamper ? { stamper: writer } : {}),
    key: key?.toString() ?? '',
    headers: own,
    value: value ?? NOTHING,
  };
};

const NOTHING = new Uint8Array(0);
