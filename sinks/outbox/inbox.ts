import type { Dispatch } from '../../domain/dispatch.ts';
import type { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Log } from '../../runtime/log/log.ts';
import type { CoveredRef } from './attempt-ledger.ts';
import { DueActions, type DueAction } from './due-actions.ts';
import type { OutboxPosition } from './outbox-position.ts';
import { outboxTopics } from './outbox-topics.ts';

/** What is due in all partitions, as far as it may be begun: a digest in one speaks for actions of others. */
export interface Inbox {
  readonly partitions: readonly DueActions[];
  /** True while something durable has not been read that could say that it was withdrawn. */
  isBehind(due: DueAction): boolean;
  readMore(due: DueAction): Promise<void>;
  /** True when nothing is left of it to be told, by all that has been read. */
  isWithdrawn(due: DueAction): boolean;
  /** Those of a digest that are still due, by all that has been read. */
  coversOf(due: DueAction): readonly CoveredRef[];
  /** As it is to be sent now; undefined when the log has lost it. */
  contentOf(due: DueAction): Promise<Dispatch | undefined>;
  settle(due: DueAction, resultOffset: number | undefined): void;
  /** The result of an action that a digest spoke for is durable. */
  settleCovered(covered: CoveredRef, resultOffset: number): void;
}

export interface InboxOptions {
  readonly log: Log;
  /** By partition. */
  readonly from: readonly OutboxPosition[];
  readonly onDue: (due: DueAction) => void;
  readonly onWithdrawn: (due: DueAction) => void;
  readonly onProblem: (error: ForewarnError) => void;
}

export const createInbox = ({ log, from, onDue, onWithdrawn, onProblem }: InboxOptions): Inbox => {
  /** The digests that speak for an action, by the action. */
  const digests = new Map<string, Set<DueAction>>();
  const watched = new Map<DueAction, Set<string>>();

  const partitionOf = ({ shipmentId }: CoveredRef): DueActions =>
    partitions[log.partitionFor(outboxTopics.actions, shipmentId)]!;
  const own = ({ partition }: DueAction): DueActions => partitions[partition]!;
  const coveredBy = ({ covers }: DueAction): ReadonlySet<DueActions> => new Set(covers.map(partitionOf));
  const coversOf = ({ covers }: DueAction): readonly CoveredRef[] =>
    covers.filter((covered) => partitionOf(covered).isOpen(covered.actionId));
  const isBehind = (due: DueAction): boolean =>
    own(due).isBehind || [...coveredBy(due)].some(({ isBehindActions }) => isBehindActions);
  const isWithdrawn = (due: DueAction): boolean =>
    due.isWithdrawn || (due.covers.length === 0 ? !own(due).isOpen(due.id) : coversOf(due).length === 0);

  const watch = (due: DueAction): void => {
    for (const { actionId } of due.covers) {
      const known = digests.get(actionId);
      if (known === undefined) digests.set(actionId, new Set([due]));
      else known.add(due);
      watched.set(due, (watched.get(due) ?? new Set()).add(actionId));
    }
  };
  const unwatch = (due: DueAction): void => {
    for (const actionId of watched.get(due) ?? []) {
      const known = digests.get(actionId);
      known?.delete(due);
      if (known?.size === 0) digests.delete(actionId);
    }
    watched.delete(due);
  };

  const partitions: readonly DueActions[] = from.map(
    (position, partition) =>
      new DueActions({
        log,
        partition,
        from: position,
        onDue: (due) => {
          watch(due);
          onDue(due);
        },
        onWithdrawn,
        // What has not been read elsewhere may still speak for a digest.
        onEnd: (actionId) => {
          for (const due of digests.get(actionId) ?? [])
            if (!isBehind(due) && isWithdrawn(due)) onWithdrawn(due);
        },
        onProblem,
      }),
  );

  return {
    partitions,
    isBehind,
    readMore: async (due) => {
      await Promise.all([...new Set([own(due), ...coveredBy(due)])].map((partition) => partition.readMore()));
    },
    isWithdrawn,
    coversOf,
    contentOf: (due) => own(due).contentOf(due),
    settle: (due, resultOffset) => {
      unwatch(due);
      own(due).settle(due, resultOffset);
    },
    settleCovered: (covered, resultOffset) => partitionOf(covered).remember(covered.actionId, resultOffset),
  };
};
