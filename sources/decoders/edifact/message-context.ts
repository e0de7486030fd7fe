import type { DecodedRecords } from '../decoded-records.ts';
import type { DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import type { TextReader } from './charset.ts';
import type { Message } from './envelope-parts.ts';

/** All that one message is read with. */
export interface MessageContext {
  readonly records: DecodedRecords;
  readonly message: Message;
  /** Those of the whole message. */
  readonly bytes: Uint8Array;
  readonly read: TextReader;
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
  readonly partner: PartnerSettings;
}
