import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { ErrorCode } from '../../runtime/forewarn-error.ts';
import { saidContentType } from './foreign-document.ts';

/** A record that has a value: one without is a tombstone. */
export type Valued = KafkaMessage & { readonly value: Buffer };

/** What a value is as a document, or why it is none. */
export type DecodedValue =
  | { readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly code: ErrorCode; readonly reason: string };

/** Makes documents of values. */
export interface ValueDecoder {
  /** Brings what decoding of these needs, such as schemas; rejects with FW619 while that cannot be had. */
  readonly prepare: (messages: readonly Valued[]) => Promise<void>;
  /** Never throws; everything it needs has been prepared. */
  readonly decode: (message: Valued) => DecodedValue;
}

/**
 * Values that are documents as they are. What the configuration says they are wins, then the record's own header
 * `content-type`; without both, JSON is JSON, and of other bytes their content tells.
 */
export const plainValues = (kind: 'json' | 'bytes', configured?: string): ValueDecoder => ({
  prepare: () => Promise.resolve(),
  decode: ({ value, headers }) => ({
    bytes: value,
    contentType:
      configured ??
      saidContentType(headers) ??
      (kind === 'json' ? 'application/json' : 'application/octet-stream'),
  }),
});
