import type { ErrorCode } from '../../runtime/forewarn-error.ts';
import type { DecodedRecords } from './decoded-records.ts';
import type { DecodeFailure } from './decoder.ts';

const SHOWN = 5;

/**
 * What was wrong inside one message of an interchange. It becomes one failure for each error code, with all bytes of the
 * message, so that they can be mended and played again; what was sound in it has become events all the same.
 */
export class EdiProblems {
  private readonly records: DecodedRecords;
  private readonly bytes: Uint8Array;
  private readonly name: string;
  private readonly found = new Map<ErrorCode, { stage: DecodeFailure['stage']; reasons: string[] }>();

  /** `name` says which message it is, for people: `transaction set 214`. */
  constructor(records: DecodedRecords, bytes: Uint8Array, name: string) {
    this.records = records;
    this.bytes = bytes;
    this.name = name;
  }

  add(stage: DecodeFailure['stage'], code: ErrorCode, reason: string): void {
    const known = this.found.get(code);
    if (known === undefined) this.found.set(code, { stage, reasons: [reason] });
    else known.reasons.push(reason);
  }

  flush(): void {
    for (const [code, { stage, reasons }] of this.found) {
      const more = reasons.length > SHOWN ? `; and ${reasons.length - SHOWN} more` : '';
      const shown = `${reasons.slice(0, SHOWN).join('; ')}${more}`;
      this.records.fail(stage, code, `${this.name}: ${shown}`, this.bytes);
    }
    this.found.clear();
  }
}
