import { nothingPredicted } from '../domain/nothing-predicted.ts';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CarrierRate } from '../../domain/carrier-rate.ts';
import type { DriftFinding, ModelQuality } from '../../domain/drift-finding.ts';
import type { ModelDecision } from '../../domain/model-decision.ts';
import type { Retraining } from '../../domain/retraining.ts';
import type { Prediction } from '../../domain/prediction.ts';
import { exceptionsDashboard } from '../../dashboards/exceptions.ts';
import { modelsDashboard } from '../../dashboards/models.ts';
import { columnsOf } from '../../sinks/clickhouse/columns.ts';
import { insertRows } from '../../sinks/clickhouse/insert-rows.ts';
import { prepareClickHouse } from '../../sinks/clickhouse/migrations.ts';
import { rowEncoder } from '../../sinks/clickhouse/row-encoder.ts';
import { type TableName, tables } from '../../sinks/clickhouse/tables.ts';
import { anAction, anException, anOutcome, noon } from '../console/rows.ts';
import { type ClickHouseHere, clickHouseHere } from '../sinks/clickhouse/clickhouse-here.ts';
import { labelOf } from '../sinks/clickhouse/labelled-fixture.ts';
import { askClickHouse } from '../system/panel-answers.ts';
import { queriesOf } from '../system/panel-queries.ts';

const prediction: Prediction = {
  id: 'p1',
  at: noon - 60_000,
  heardAt: noon - 60_000,
  shipmentId: 'S-1',
  customerId: 'acme-medical',
  carrier: 'SAIA',
  lane: 'CHI-DAL',
  stage: 'departed',
  modelVersion: 'late-delivery@3',
  ...nothingPredicted,
  answered: 'model',
  probability: 0.82,
  threshold: 0.6,
  promisedAt: noon,
  expectedAt: noon + 3_600_000,
  featureSet: '',
  features: [1, null],
  eventId: 'e1',
};

const rows: readonly (readonly [TableName, object])[] = [
  ['exceptions', anException()],
  ['exception_history', anException()],
  ['actions', anAction({ state: 'sent', sentAt: noon })],
  ['outcomes', anOutcome()],
  ['predictions', prediction],
  ['labelled', labelOf('p1', 1, { predictedAt: noon })],
  [
    'model_qualities',
    {
      id: 'q1',
      at: noon,
      heardAt: noon,
      model: 'late-delivery',
      modelVersion: 'late-delivery@3',
      predictions: 200,
      rows: 180,
      rate: 0.2,
      auc: 0.8,
      brier: 0.12,
      logLoss: 0.4,
      estimatedAuc: 0.79,
      estimatedBrier: 0.13,
      measure: 'the Brier score',
      error: 0.12,
      calibration: 0.01,
      coverage: null,
    } satisfies ModelQuality,
  ],
  [
    'model_qualities',
    {
      id: 'q2',
      at: noon,
      heardAt: noon,
      model: 'eta',
      modelVersion: 'eta@1',
      predictions: 200,
      rows: 180,
      rate: null,
      auc: null,
      brier: null,
      logLoss: null,
      estimatedAuc: null,
      estimatedBrier: null,
      measure: 'the pinball loss in minutes',
      error: 41,
      calibration: 0.02,
      coverage: 0.78,
    } satisfies ModelQuality,
  ],
  [
    'model_qualities',
    {
      id: 'q3',
      at: noon,
      heardAt: noon,
      model: 'cause',
      modelVersion: 'cause@1',
      predictions: 200,
      rows: 40,
      rate: 0.7,
      auc: 0.6,
      brier: 0.2,
      logLoss: 0.6,
      estimatedAuc: null,
      estimatedBrier: null,
      measure: 'the share of wrong causes',
      error: 0.3,
      calibration: 0.04,
      coverage: null,
    } satisfies ModelQuality,
  ],
  [
    'drift_findings',
    {
      id: 'f1',
      at: noon,
      heardAt: noon,
      model: 'late-delivery',
      kind: 'error-shift',
      subject: 'late-delivery@3',
      grade: 'retrain',
      since: noon,
      text: 'the Brier score has moved from 0.12 to 0.2',
      numbers: { before: 0.12, after: 0.2 },
    } satisfies DriftFinding,
  ],
  [
    'model_decisions',
    {
      id: 'd1',
      at: noon,
      heardAt: noon,
      model: 'late-delivery',
      version: '3',
      kind: 'promoted',
      by: 'promotion rule',
      reason: 'better',
      before: '2',
      numbers: { gain: 0.01 },
    } satisfies ModelDecision,
  ],
  [
    'retrainings',
    {
      id: 'r1',
      version: 1,
      at: noon,
      heardAt: noon,
      model: 'late-delivery',
      state: 'requested',
      by: 'drift',
      reason: 'the Brier score has moved',
      findings: ['f1'],
      changedAt: noon,
      modelVersion: null,
    } satisfies Retraining,
  ],
  [
    'carrier_rates',
    {
      id: 'c1',
      at: noon,
      heardAt: noon,
      key: 'SAIA|*|*',
      carrier: 'SAIA',
      lane: '*',
      service: '*',
      windowFrom: noon,
      shipments: 10,
      inTime: 9,
      share: 0.9,
    } satisfies CarrierRate,
  ],
];

const queries = [exceptionsDashboard(), modelsDashboard()]
  .flatMap((dashboard) => queriesOf(JSON.stringify(dashboard)))
  .filter(({ language }) => language === 'sql');

describe('ClickHouse panels', () => {
  let here: ClickHouseHere | undefined;
  let client: ClickHouseClient | undefined;
  beforeAll(async () => {
    here = await clickHouseHere();
    if (here === undefined) return;
    client = await prepareClickHouse({ url: here.url });
    for (const [at, [name, row]] of rows.entries()) {
      const encode = rowEncoder(columnsOf(tables[name].schema));
      await insertRows(client)(name, [encode(row)], `fixture-${at}`);
    }
  });
  afterAll(async () => {
    await client?.close();
    await here?.remove();
  });

  it('there are some', () => expect(queries.length).toBeGreaterThan(7));

  it.for(queries)('$place answers from the tables that the migrations make', async (query, { skip }) => {
    if (client === undefined) return skip('no embedded ClickHouse here');
    const answer = await askClickHouse(client, query);
    if ('error' in answer) expect.fail(answer.error);
    expect(answer.values).toBeGreaterThan(0);
  });
});
