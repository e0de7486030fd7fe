import { join } from 'node:path';
import { featureNames } from '../domain/features.ts';
import type { TrackingEvent } from '../domain/tracking-event.ts';
import { evaluateLogged, type Logged, type LoggedStageQuality } from '../models/evaluation/logged.ts';
import type { RecordedShipment } from '../models/evaluation/recorded-points.ts';
import { modelRegistry } from '../models/registry.ts';
import type { TrainedRisk } from '../models/training/train-risk.ts';
import { trainRiskInWorker } from '../models/training/train-in-worker.ts';
import { outcomes, plans, predictions, tracking } from '../pipelines/topics.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { Log } from '../runtime/log/log.ts';
import { codeVersion } from '../runtime/package-root.ts';
import type { Forewarn } from '../runtime/wire/start-forewarn.ts';
import { formatReport } from '../sinks/clickhouse/format-report.ts';
import { report, type Report } from '../sinks/clickhouse/report.ts';
import { type Cargo2000Options, cargo2000Documents, readCargo2000 } from '../sources/replay/cargo2000.ts';
import { formatStages } from './format-stages.ts';
import { trainingRows } from './logged-rows.ts';
import { rowsOf } from '../runtime/log/topic-rows.ts';
import { feed, startRecorded } from './recorded-line.ts';

export interface Cargo2000Replay {
  readonly trained: TrainedRisk;
  readonly version: string;
  /** Shipments of the second run that were planned, and that ended with a known outcome. */
  readonly planned: number;
  readonly ended: number;
  readonly stages: readonly LoggedStageQuality[];
  readonly report: Report;
}

const TRAIN_SHARE = 0.7;
/** All of the first run has ended when it is read, the latest too, so that no outcome is missing for being late. */
const NO_WAIT_MS = -Infinity;

/**
 * Cargo 2000 through the whole line, twice. The first rows are the past: nothing is known yet, the rule of thumb scores,
 * and what the line logs of predictions and outcomes is the training set. The rest is run by the model that learned from
 * it. Two runs, because rows overlap in time and the reference splits by row.
 */
export const replayCargo2000 = async (
  file: string,
  config: Config,
  folder: string,
): Promise<Cargo2000Replay> => {
  const shipments = await readCargo2000(file);
  if (!shipments.some(({ plan }) => plan.legs.length > 0)) {
    throw new ForewarnError(
      'FW407',
      `${file} holds no shipment of Cargo 2000; the first line of that CSV names columns such as i1_rcs_p`,
    );
  }
  const boundary = Math.floor(shipments.length * TRAIN_SHARE);
  const models = { ...config.models, folder: join(folder, 'models') };
  const run = <T>(name: string, rows: Cargo2000Options, read: (forewarn: Forewarn) => Promise<T>) =>
    runThrough({ ...config, models }, join(folder, name), cargo2000Documents(file, rows), read);

  const past = await run('past', { to: boundary }, ({ log }) => trainingRows(log, NO_WAIT_MS));
  const trained = await trainRiskInWorker(past);
  const { card, model } = trained;
  const registry = modelRegistry(models.folder);
  const version = await registry.publish(models.lateDelivery, {
    trained: model,
    features: featureNames,
    threshold: card.threshold,
    card: { ...card, data: { kind: 'Cargo 2000', rows: boundary }, codeVersion },
  });
  await registry.decide({
    model: models.lateDelivery,
    version,
    kind: 'promoted',
    at: card.until,
    by: 'forewarn replay-cargo2000',
    reason: `learned from the first ${boundary} shipments`,
    numbers: {},
  });
  console.log(
    `${models.lateDelivery}@${version} learned from ${card.rows} logged predictions of the first ${boundary} shipments`,
  );

  const replayed = await run('future', { from: boundary }, async ({ log, storage }) => {
    const logged = await readLogged(log);
    return {
      planned: logged.shipments.length,
      ended: logged.outcomes.filter(({ deliveredAt }) => deliveredAt !== null).length,
      stages: evaluateLogged(logged),
      report: await report(storage.client),
    };
  });
  console.log(`${replayed.ended} of ${replayed.planned} shipments ended; predictions by stage:\n`);
  console.log(formatStages(replayed.stages));
  console.log(`\n${formatReport(replayed.report)}`);
  return { trained, version, ...replayed };
};

const runThrough = async <T>(
  config: Config,
  folder: string,
  documents: Parameters<typeof feed>[1],
  read: (forewarn: Forewarn) => Promise<T>,
): Promise<T> => {
  const forewarn = await startRecorded(config, folder);
  try {
    const begun = performance.now();
    const count = await feed(forewarn, documents);
    const seconds = (performance.now() - begun) / 1_000;
    console.log(
      `${count} documents replayed in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`,
    );
    return await read(forewarn);
  } finally {
    await forewarn.stop();
  }
};

/** All that a run logged: what it knew, what it said, and what came of it. */
const readLogged = async (log: Log): Promise<Logged> => {
  const eventsOf = new Map<string, TrackingEvent[]>();
  for await (const event of rowsOf(log, tracking)) {
    const shipmentId = event.shipmentId ?? '';
    const events = eventsOf.get(shipmentId);
    if (events === undefined) eventsOf.set(shipmentId, [event]);
    else events.push(event);
  }
  const shipments: RecordedShipment[] = [];
  for await (const plan of rowsOf(log, plans)) {
    shipments.push({ plan, events: eventsOf.get(plan.shipmentId) ?? [] });
  }
  return {
    shipments,
    predictions: await all(rowsOf(log, predictions)),
    outcomes: await all(rowsOf(log, outcomes)),
  };
};

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
};
