import type { Board } from '../../console/board.ts';
import type { Progress } from '../../console/page/contract.ts';
import { tiers } from '../../domain/codes.ts';
import type { Mirror } from '../../sinks/clickhouse/mirror.ts';
import type { Engine } from '../engine.ts';
import type { LineLog } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { LEADS } from './sharing/number-work.ts';

export interface GaugeSources {
  readonly metrics: Metrics;
  readonly log: LineLog;
  readonly engine: Engine;
  readonly mirror: Mirror;
  readonly board: Board;
  readonly progress: () => Progress;
  /** Partition numbers of the line, and those of them that run here. */
  readonly partitions: number;
  readonly numbers: () => readonly number[];
}

/** Reads, once a scrape, what is cheaper to look up than to keep. */
export const readGauges = (sources: GaugeSources): void => {
  const { metrics, log, engine, mirror, board, progress } = sources;
  const here = new Set(sources.numbers());
  for (let number = 0; number < sources.partitions; number++) metrics.numberHere(number, here.has(number));
  metrics.logSize(log.bytes);
  for (const pipeline of new Set(engine.tasks.map((task) => task.stage))) {
    const tasks = engine.tasks.filter((task) => task.stage === pipeline);
    metrics.taskLag(
      pipeline,
      tasks.reduce((sum, task) => sum + task.lag, 0),
    );
    metrics.watermarkLag(pipeline, engine.watermarkLagMs(pipeline, log.closedUntil) / 1_000);
    metrics.frontierLag(pipeline, Math.max(0, ...tasks.map((task) => log.closedUntil - task.time)) / 1_000);
    metrics.creditAvailable(
      pipeline,
      tasks.reduce((sum, task) => sum + task.creditLeft, 0),
    );
    const keys = new Map<string, number>();
    for (const task of tasks) {
      for (const [name, size] of task.stateKeys()) {
        const step = name.split('\u0000')[0]!;
        keys.set(step, (keys.get(step) ?? 0) + size);
      }
    }
    for (const [step, size] of keys) metrics.stateKeys(pipeline, step, size);
  }
  for (const [table, lag] of mirror.lagByTable()) metrics.tableLag(table, lag);
  // Of the whole line, and so told by one process of it.
  const leads = here.has(LEADS);
  metrics.approvalsWaiting(leads ? board.totals().waiting : 0);
  const open = leads ? board.openByTier() : {};
  for (const tier of tiers) metrics.exceptionsOpen(tier, open[tier] ?? 0);
  metrics.shipmentsOpen(progress().openShipments);
};
