import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows } from '../../sinks/clickhouse/insert-rows.ts';
import { startEmbeddedClickHouse } from '../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import { prepareClickHouse } from '../../sinks/clickhouse/migrations.ts';
import { Mirror, type MirrorRoute } from '../../sinks/clickhouse/mirror.ts';
import {
  actionResults,
  actions,
  allocations,
  audits,
  causes,
  contracts,
  deadLetters,
  decisions,
  directories,
  dispatches,
  ediFindings,
  exceptions,
  identityFindings,
  driftFindings,
  modelDecisions,
  modelQualities,
  retrainings,
  inquiries,
  labelled,
  orders,
  outcomes,
  plans,
  ports,
  predictions,
  shipmentOrders,
  signals,
  tracking,
  weather,
  observations,
  roads,
  carrierRates,
  carrierUpdates,
  portCalls,
  vesselPositions,
  tmsChanges,
  outcomeReports,
} from '../../pipelines/topics.ts';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { Config } from '../config/config.ts';
import type { LineLog } from '../log/log.ts';
import { appendRow } from '../log/topic-rows.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { codeVersion } from '../package-root.ts';
import { addressOf, tablesOf } from './tables-of.ts';

export interface Storage {
  readonly client: ClickHouseClient;
  /** With its credentials: for our own use, never for a log. */
  readonly url: string;
  readonly mirror: Mirror;
  /** Mirrors a partition number, where processes share them. */
  take(number: number): Promise<void>;
  close(): Promise<void>;
}

/** Which topic is copied to which table. */
export const mirrorRoutes: readonly MirrorRoute[] = [
  { topic: tracking.name, table: 'tracking_events' },
  { topic: plans.name, table: 'shipment_plans' },
  { topic: contracts.name, table: 'contracts' },
  { topic: weather.name, table: 'weather_alerts' },
  { topic: ports.name, table: 'port_status' },
  { topic: orders.name, table: 'orders' },
  { topic: allocations.name, table: 'allocations' },
  { topic: shipmentOrders.name, table: 'shipment_orders' },
  { topic: directories.name, table: 'directories' },
  { topic: inquiries.name, table: 'inquiries' },
  { topic: observations.name, table: 'weather_observations' },
  { topic: roads.name, table: 'road_status' },
  { topic: carrierUpdates.name, table: 'carrier_updates' },
  { topic: portCalls.name, table: 'port_calls' },
  { topic: vesselPositions.name, table: 'vessel_positions' },
  { topic: tmsChanges.name, table: 'tms_changes' },
  { topic: outcomeReports.name, table: 'outcome_reports' },
  { topic: identityFindings.name, table: 'identity_findings' },
  { topic: carrierRates.name, table: 'carrier_rates' },
  { topic: ediFindings.name, table: 'edi_findings' },
  { topic: predictions.name, table: 'predictions' },
  { topic: signals.name, table: 'signals' },
  { topic: exceptions.name, table: 'exceptions' },
  { topic: exceptions.name, table: 'exception_history' },
  { topic: actions.name, table: 'actions' },
  { topic: actions.name, table: 'action_history' },
  { topic: decisions.name, table: 'decisions' },
  { topic: dispatches.name, table: 'dispatches' },
  { topic: dispatches.name, table: 'dispatch_history' },
  { topic: actionResults.name, table: 'action_results' },
  { topic: causes.name, table: 'causes' },
  { topic: causes.name, table: 'cause_history' },
  { topic: outcomes.name, table: 'outcomes' },
  { topic: labelled.name, table: 'labelled' },
  { topic: audits.name, table: 'audits' },
  { topic: driftFindings.name, table: 'drift_findings' },
  { topic: modelQualities.name, table: 'model_qualities' },
  { topic: retrainings.name, table: 'retrainings' },
  { topic: modelDecisions.name, table: 'model_decisions' },
  { topic: deadLetters.name, table: 'dead_letters' },
];

export interface StorageOptions {
  readonly settings: Config['clickhouse'];
  readonly folder: string;
  readonly log: LineLog;
  readonly metrics: Metrics;
  readonly secondsSince: (heardAt: number) => number;
  readonly note: (line: string) => void;
}

/** ClickHouse, embedded or a server, with its tables made, and the mirror that fills them. */
export const startStorage = async (options: StorageOptions): Promise<Storage> => {
  const { settings, log, metrics, secondsSince, note } = options;
  const embedded =
    addressOf(settings) === undefined
      ? await startEmbeddedClickHouse({ folder: options.folder, log: note })
      : undefined;
  const tables = tablesOf(settings, embedded?.url);
  const client = await prepareClickHouse(tables);
  const insert = insertRows(client, tables.hosts);
  for (const { table } of mirrorRoutes) metrics.tableMirrored(table);
  const { numbers } = log;
  let states: ReadonlyMap<string, Uint8Array> = new Map();
  if (numbers === undefined) states = await log.lastStates('mirror/');
  const mirror = new Mirror({
    log,
    routes: mirrorRoutes,
    shared: numbers !== undefined,
    flushMs: settings.flushMs,
    initialState: (producer) => states.get(producer),
    insert: async (table, rows, token) => {
      const begun = performance.now();
      await insert(table, rows, token);
      metrics.insertTook((performance.now() - begun) / 1_000);
    },
    onInserted: (table, rows, last) => {
      metrics.tableRows(table, rows);
      if (table === 'exceptions') metrics.endToEnd('ingest_to_row', secondsSince(last.heardAt));
    },
    onRefused: async (record, reason, route) => {
      const id = stableId('dead-letter', 'sink', route.table, route.topic, record.offset, record.key);
      const letter: DeadLetter = {
        id,
        at: record.heardAt,
        heardAt: record.heardAt,
        stage: 'sink',
        feed: route.topic,
        document: `${route.topic}/${record.offset}`,
        position: 0,
        step: route.table,
        code: reason.code,
        reason: reason.message,
        bytes: Buffer.from(record.value).toString('base64'),
        codeVersion,
        origin: {
          topic: route.topic,
          partition: null,
          offset: record.offset,
          key: record.key,
          contentType: null,
        },
      };
      await appendRow(log, deadLetters, letter, id);
    },
    onError: (error) => note(`ClickHouse: ${error.message}; trying again`),
  });
  return {
    client,
    url: tables.url,
    mirror,
    take: async (number) => {
      states = await log.lastStates('mirror/', number);
      await mirror.take(number);
    },
    close: async () => {
      await mirror.stop();
      await client.close();
      await embedded?.stop();
    },
  };
};
