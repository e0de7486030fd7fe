import type { Action } from '../../domain/action.ts';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import type { EdiFinding } from '../../domain/edi-finding.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import type { IdentityFinding } from '../../domain/identity-finding.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Signal } from '../../domain/signal.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Task } from '../task.ts';
import type { TaskObserver } from '../task-observer.ts';

export interface Observed {
  readonly observer: TaskObserver;
  /** Rows that tasks have taken since the start. */
  readonly rows: () => number;
}

const pipelineOf = (task: Task): string => task.name.slice(0, task.name.indexOf('/'));

const isUnmapped = ({ status, cause }: Pick<TrackingEvent, 'status' | 'cause'>): boolean =>
  status === 'unmapped' || cause === 'unmapped';

/**
 * Turns what tasks tell into metrics. `secondsSince` gives wall seconds since a log time, so that a simulated day that
 * passes in minutes is measured as the minutes that it took.
 */
export const observe = (metrics: Metrics, secondsSince: (heardAt: number) => number): Observed => {
  let rows = 0;
  const uncommitted = new Map<string, { signal: number[]; exception: number[]; canonical: number[] }>();
  const waitingOf = (task: Task) => {
    let waiting = uncommitted.get(task.name);
    if (waiting === undefined)
      uncommitted.set(task.name, (waiting = { signal: [], exception: [], canonical: [] }));
    return waiting;
  };

  const onRow: Readonly<Record<string, (task: Task, row: never) => void>> = {
    tracking: (task, event: TrackingEvent) => {
      waitingOf(task).canonical.push(event.heardAt);
      if (isUnmapped(event)) metrics.unmappedCode(event.code?.standard ?? 'canonical');
    },
    signals: (task, { state, category, kind, heardAt }: Signal) => {
      waitingOf(task).signal.push(heardAt);
      if (state === 'raised') metrics.signalRaised(category, kind);
    },
    exceptions: (task, { version, category, kind, tier, heardAt }: ShipmentException) => {
      if (version !== 1) return;
      waitingOf(task).exception.push(heardAt);
      metrics.exceptionRaised(category, kind, tier);
    },
    actions: (_, { type, state, dueAt, sentAt }: Action) => {
      metrics.actionEntered(type, state);
      if (state === 'sent' && dueAt !== null && sentAt !== null)
        metrics.actionTook(secondsSince(dueAt) - secondsSince(sentAt));
    },
    outcomes: (_, { version, result, breached }: Outcome) => {
      if (version === 1) metrics.outcomeSeen(result, breached);
    },
    'identity-findings': (_, finding: IdentityFinding) => {
      metrics.identityFound(finding.what);
      // What was found is an event of its shipment, and is counted there.
      if (finding.what === 'given_up' && isUnmapped(finding))
        metrics.unmappedCode(finding.code?.standard ?? 'canonical');
    },
    'edi-findings': (_, { source, standard, kind, times }: EdiFinding) =>
      metrics.ediFound(source.feed, standard, kind, times),
    'dead-letters': (_, { stage, code }: DeadLetter) => metrics.deadLetter(stage, code),
  };

  return {
    rows: () => rows,
    observer: {
      rowsIn: (task, n, late) => {
        rows += n;
        metrics.recordsIn(pipelineOf(task), n);
        if (late > 0) metrics.lateRecords(pipelineOf(task), late);
      },
      rowOut: (task, topic, row) => {
        metrics.recordsOut(pipelineOf(task));
        onRow[topic]?.(task, row as never);
      },
      committed: (task, { stateBytes, tookMs }) => {
        metrics.checkpointTook(pipelineOf(task), tookMs / 1_000, stateBytes);
        const waiting = uncommitted.get(task.name);
        if (waiting === undefined) return;
        for (const heardAt of waiting.canonical.splice(0))
          metrics.endToEnd('ingest_to_canonical', secondsSince(heardAt));
        for (const heardAt of waiting.signal.splice(0))
          metrics.endToEnd('ingest_to_signal', secondsSince(heardAt));
        for (const heardAt of waiting.exception.splice(0))
          metrics.endToEnd('ingest_to_exception', secondsSince(heardAt));
      },
      failed: () => undefined,
      counted: (task, step, n) => metrics.stepRows(pipelineOf(task), step, n),
      counts: (task, step, what, n) => metrics.stepCounts(pipelineOf(task), step, what, n),
    },
  };
};
