import type { Provenance } from '../../domain/event.ts';
import type { ErrorCode } from '../../runtime/forewarn-error.ts';
import type { Decoded, DecodedEvent, DecodedNothing, DecodeFailure, RawDocument } from './decoder.ts';

/** An event before it has its position, so that `push` alone counts. */
type WithoutPosition<T> = T extends unknown ? Omit<T, 'position'> : never;

/** The records of one document in order; counts their positions. */
export class DecodedRecords {
  readonly list: Decoded[] = [];
  private readonly document: RawDocument;
  private readonly decoder: string;

  constructor(document: RawDocument, decoder: string) {
    this.document = document;
    this.decoder = decoder;
  }

  /** Provenance of the record that is pushed next. */
  provenance(mapping: string | null): Provenance {
    return {
      feed: this.document.source,
      document: this.document.documentId,
      position: this.list.length,
      decoder: this.decoder,
      mapping,
    };
  }

  push(event: WithoutPosition<DecodedEvent>): void {
    // The pair of type and value is checked by the parameter; a literal of a union loses it.
    const { type, value } = event;
    this.list.push({ type, position: this.list.length, value } as DecodedEvent);
  }

  fail(stage: DecodeFailure['stage'], code: ErrorCode, reason: string, bytes: Uint8Array): void {
    this.list.push({ type: 'failure', stage, position: this.list.length, code, reason, bytes });
  }

  nothing(why: DecodedNothing['why']): void {
    this.list.push({ type: 'nothing', position: this.list.length, why });
  }
}
