import { type FoldedCause, sayCause, unknownCause, withChange } from '../domain/cause-folding.ts';
import type { CauseRecord } from '../domain/cause-record.ts';
import {
  type CauseChange,
  type CauseMembers,
  isAnyOpen,
  withException,
  withoutMembers,
} from '../domain/cause-share.ts';
import { liveForMs } from '../domain/follow.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { causes as causeRecords, exceptions } from './topics.ts';

/** A case is forgotten two weeks after its end, so that nothing of it is opened again after this. */
const KEPT_AFTER_CLOSE_MS = 30 * 86_400_000;

/**
 * Many exceptions, one cause: a record for the storm, the port or the feed behind them, with how many shipments,
 * customers, lines and how much money it holds up. A shipment's exceptions become its share in a cause, and only changes
 * of shares go on to the cause, which keeps sums: ten thousand shipments in a storm cost it no more state than their
 * customers. At most one version a second. A cause is remembered for long after it is over, for the next version of it
 * must have a higher number: a port is congested more than once.
 */
export const causes = () =>
  pipeline('causes', { from: { exceptions } }, (from) => {
    const changes = keyedProcess('share', {
      inputs: { exceptions: from.exceptions.keyBy('shipmentId') },
      emits: rowsOf<CauseChange>(),
      initial: {} as CauseMembers,
      on: {
        exceptions: (exception, context) => {
          const before = context.state;
          const { members, changes: changed } = withException(before, exception);
          if (members === before) return;
          context.set(members);
          changed.forEach(context.emit);
          context.timer('forget', context.now + (isAnyOpen(members) ? liveForMs : KEPT_AFTER_CLOSE_MS));
        },
      },
      onTimer: (_, context) => {
        withoutMembers(context.state, context.now).forEach(context.emit);
        context.drop();
      },
    });
    const records = keyedProcess('cause', {
      inputs: { changes: changes.rekey('by-cause', 'causeId') },
      emits: rowsOf<CauseRecord>(),
      initial: unknownCause,
      on: {
        changes: (change, context) => say(withChange(context.state, change, context.now), context),
      },
      onTimer: (name, context) => {
        if (name === 'forget') context.drop();
        else say(context.state, context);
      },
    });
    return [records.to(causeRecords)];
  });

const say = (
  cause: FoldedCause,
  context: {
    readonly key: string;
    readonly now: number;
    readonly set: (cause: FoldedCause) => void;
    readonly emit: (record: CauseRecord) => void;
    readonly timer: (name: string, at: number | null) => void;
  },
): void => {
  const { cause: after, record, lookAgainAt } = sayCause(context.key, cause, context.now);
  context.set(after);
  if (record !== null) context.emit(record);
  context.timer('say', lookAgainAt);
  context.timer('forget', after.overSince === null ? null : after.overSince + liveForMs);
};
