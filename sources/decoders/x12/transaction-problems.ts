import type { ErrorCode } from '../../../runtime/forewarn-error.ts';
import type { DecodeFailure } from '../decoder.ts';
import type { TransactionContext } from './transaction-context.ts';

/**
 * What was wrong inside one transaction. It becomes one failure for each error code, with all bytes of the transaction,
 * so that they can be mended and played again; what was sound in it has become events all the same.
 */
export class TransactionProblems {
  private readonly from: TransactionContext;
  private readonly found = new Map<ErrorCode, { stage: DecodeFailure['stage']; reasons: string[] }>();

  constructor(from: TransactionContext) {
    this.from = from;
  }

  add(stage: DecodeFailure['stage'], code: ErrorCode, reason: string): void {
    const known = this.found.get(code);
    if (known === undefined) this.found.set(code, { stage, reasons: [reason] });
    else known.reasons.push(reason);
  }

  flush(): void {
    const { records, transaction, bytes } = this.from;
    for (const [code, { stage, reasons }] of this.found) {
      const shown =
        reasons.slice(0, 5).join('; ') + (reasons.length > 5 ? `; and ${reasons.length - 5} more` : '');
      records.fail(stage, code, `transaction set ${transaction.set}: ${shown}`, bytes);
    }
    this.found.clear();
  }
}
