import type { KafkaHeader, KafkaMessage, KafkaPlace } from '@confluentinc/kafka-javascript';
import type { NewRecord } from '../../runtime/log/log.ts';

/** Bytes of headers that go with a document: a record of the log may have 64 KB of them, in JSON. */
const MOST_HEADERS = 16 << 10;
const MOST_KEY = 4 << 10;

/** Its place in its topic: a record that is read again has the same id, and the log recognises it. */
export const documentIdOf = ({ topic, partition, offset }: KafkaPlace, incarnation: number): string =>
  `kafka:${topic}${incarnation === 1 ? '' : `#${incarnation}`}/${partition}/${offset}`;

/** A record of a foreign topic as the log takes it: bytes, what they are, and where they come from. */
export const foreignDocument = (
  message: KafkaMessage,
  documentId: string,
  {
    source,
    contentType,
    bytes,
  }: { readonly source: string; readonly contentType: string; readonly bytes: Uint8Array },
): NewRecord => ({
  key: source,
  value: bytes,
  headers: {
    contentType,
    source,
    documentId,
    via: 'kafka',
    ...provenanceOf(message),
  },
});

/** Key, time and headers of the record; what is too long is left out, and it is said. */
const provenanceOf = ({ key, timestamp, headers = [] }: KafkaMessage): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  if (timestamp !== undefined && timestamp >= 0) found['kafkaTimestamp'] = String(timestamp);
  if (key !== null && key !== undefined) found['kafkaKey'] = atMost(MOST_KEY, textOf(key));
  if (headers.length > 0) {
    const pairs = headers.flatMap((header) =>
      Object.entries(header).map(([name, value]) => [name, textOf(value)]),
    );
    found['kafkaHeaders'] = atMost(MOST_HEADERS, JSON.stringify(pairs));
  }
  return found;
};

/** The text where it has at most so many bytes as JSON, which is how the log writes headers. */
const atMost = (bytes: number, text: string): string =>
  Buffer.byteLength(JSON.stringify(text)) <= bytes ? text : `(${text.length} characters, left out)`;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text as it is; what is none as `base64:…`. */
export const textOf = (value: Buffer | string): string => {
  if (typeof value === 'string') return value;
  try {
    return utf8.decode(value);
  } catch {
    return `base64:${value.toString('base64')}`;
  }
};

/** The media type that the record's producer says, as the CloudEvents binding of Kafka has it. */
export const saidContentType = (headers: readonly KafkaHeader[] = []): string | undefined => {
  for (const header of headers) {
    for (const [name, value] of Object.entries(header))
      if (name.toLowerCase() === 'content-type') return value.toString();
  }
  return undefined;
};
