import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { GrowingWait } from '../../runtime/growing-wait.ts';
import type { Log, NewRecord } from '../../runtime/log/log.ts';

export interface InOrder {
  readonly log: Pick<Log, 'append'>;
  readonly signal: AbortSignal;
  /** The line is full, and is waited for. */
  readonly onFull: () => void;
}

export interface IdentifiedRecord {
  readonly documentId: string;
  readonly record: NewRecord;
}

/**
 * Appends to `raw` in their order, and waits while the line is full, for as long as that takes: whoever calls reads
 * nothing meanwhile. Answers what became of each: a duplicate was there before; FW702 can never be appended. What has
 * been refused may be followed by nothing that has not: the log refuses at the call, and all are called in one go.
 */
export const appendInOrder = async (
  records: readonly IdentifiedRecord[],
  { log, signal, onFull }: InOrder,
): Promise<readonly ('new' | 'duplicate' | ForewarnError)[]> => {
  const answers: ('new' | 'duplicate' | ForewarnError)[] = [];
  const wait = new GrowingWait(50, 2_000);
  for (let rest = records; rest.length > 0;) {
    const results = await Promise.allSettled(
      rest.map(({ record, documentId }) => log.append('raw', record, { documentId })),
    );
    const full = results.findIndex(
      (result) => result.status === 'rejected' && codeOf(result.reason) === 'FW310',
    );
    const done = full < 0 ? results : results.slice(0, full);
    for (const result of done) {
      if (result.status === 'fulfilled') answers.push(result.value.duplicate ? 'duplicate' : 'new');
      else if (codeOf(result.reason) === 'FW702') answers.push(result.reason as ForewarnError);
      else throw result.reason;
    }
    rest = rest.slice(done.length);
    if (done.length > 0) wait.reset();
    if (rest.length === 0) break;
    onFull();
    await wait.pass(signal);
  }
  return answers;
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof ForewarnError ? error.code : undefined;
