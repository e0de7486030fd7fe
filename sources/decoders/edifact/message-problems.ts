import type { ErrorCode } from '../../../runtime/forewarn-error.ts';
import type { DecodeFailure } from '../decoder.ts';
import type { MessageContext } from './message-context.ts';

/**
 * What was wrong inside one message. It becomes one failure for each error code, with all bytes of the message, so that they
 * can be mended and played again; what was sound in it has become events all the same.
 */
export class MessageProblems {
  private readonly from: MessageContext;
  private readonly found = new Map<ErrorCode, { stage: DecodeFailure['stage']; reasons: string[] }>();

  constructor(from: MessageContext) {
    this.from = from;
  }

  add(stage: DecodeFailure['stage'], code: ErrorCode, reason: string): void {
    const known = this.found.get(code);
    if (known === undefined) this.found.set(code, { stage, reasons: [reason] });
    else known.reasons.push(reason);
  }

  flush(): void {
    const { records, message, bytes } = this.from;
    for (const [code, { stage, reasons }] of this.found) {
      const more = reasons.length > 5 ? `; and ${reasons.length - 5} more` : '';
      records.fail(
        stage,
        code,
        `${message.type} ${message.reference}: ${reasons.slice(0, 5).join('; ')}${more}`,
        bytes,
      );
    }
    this.found.clear();
  }
}
