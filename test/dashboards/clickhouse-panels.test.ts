import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prediction } from '../../domain/prediction.ts';
import { exceptionsDashboard } from '../../dashboards/exceptions.ts';
import { columnsOf } from '../../sinks/clickhouse/columns.ts';
import { insertRows } from '../../sinks/clickhouse/insert-rows.ts';
import { prepareClickHouse } from '../../sinks/clickhouse/migrations.ts';
import { rowEncoder } from '../../sinks/clickhouse/row-encoder.ts';
import { type TableName, tables } from '../../sinks/clickhouse/tables.ts';
import { anAction, anException, anOutcome, noon } from '../console/rows.ts';
import { type ClickHouseHere, clickHouseHere } from '../sinks/clickhouse/clickhouse-here.ts';
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
];

const queries = queriesOf(JSON.stringify(exceptionsDashboard())).filter(({ language }) => language === 'sql');

describe('ClickHouse panels', () => {
  let here: ClickHouseHere | undefined;
  let client: ClickHouseClient | undefined;
  beforeAll(async () => {
    here = await clickHouseHere();
    if (here === undefined) return;
    client = await prepareClickHouse({ url: here.url });
    for (const [name, row] of rows) {
      const encode = rowEncoder(columnsOf(tables[name].schema));
      await insertRows(client)(name, [encode(row)], `fixture-${name}`);
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
