import { beforeAll, describe, expect, it } from 'vitest';
import { Board } from '../../../console/board.ts';
import { historyOf } from '../../../console/exception-history.ts';
import { deskRecords } from '../../../runtime/wire/desk-records.ts';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import { insertRows } from '../../../sinks/clickhouse/insert-rows.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { columnsOf } from '../../../sinks/clickhouse/columns.ts';
import { rowEncoder } from '../../../sinks/clickhouse/row-encoder.ts';
import { type TableName, tables } from '../../../sinks/clickhouse/tables.ts';
import { aDecision, anAction, anException, noon } from '../../console/rows.ts';
import { clickHouseForTests } from '../../sinks/clickhouse/clickhouse-here.ts';

const { server, client } = await clickHouseForTests();
const records = deskRecords(client);
const minute = 60_000;

const source = { feed: 'saia-214', document: 'd', position: 0, decoder: 'x12', mapping: null };
const event = { at: noon, heardAt: noon, source };

describe.skipIf(server === undefined)('what the desk asks the tables', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const insert = insertRows(client);
    const put = async (table: TableName, rows: readonly object[]): Promise<void> => {
      const encode = rowEncoder(columnsOf(tables[table].schema));
      await insert(
        table,
        rows.map((row) => encode(tables[table].schema.parse(row))),
        `test ${table}`,
      );
    };
    const open = anException({ heardAt: noon - 60 * minute });
    const taken = anException({
      version: 2,
      heardAt: noon,
      state: 'acknowledged',
      changedBy: 'decision',
      assignee: 'Kim',
    });
    await put('exception_history', [open, taken, anException({ id: 'other' })]);
    await put('action_history', [
      anAction({ heardAt: noon - 60 * minute, state: 'awaiting_approval', role: 'planner' }),
      anAction({ version: 2, heardAt: noon, state: 'due', decidedBy: 'Kim', role: 'planner' }),
      anAction({ id: 'a9', exceptionId: 'other' }),
    ]);
    await put('decisions', [
      aDecision({ id: 'd1', verdict: 'approve', actionId: 'a1', by: 'Kim', note: '' }),
      aDecision({ id: 'd2', heardAt: noon + minute, note: 'it’s "late"', causeId: 'port:USLAX' }),
    ]);
    await client.command({
      query: `INSERT INTO tracking_events (id, at, source_feed, status, cause, place_city)
        SELECT 'e1', fromUnixTimestamp64Milli(${noon}), 'saia-214', 'departed', 'weather', 'Joliet'`,
    });
    await client.command({
      query: `INSERT INTO tracking_events (id, at, source_feed, status, effect, cause, place_city)
        SELECT 'e2', fromUnixTimestamp64Milli(${noon}), 'saia-214', 'information', 'not_delivered', 'cargo', 'Fort Wayne'`,
    });
    await put('port_status', [
      {
        ...event,
        id: 'p1',
        port: 'USLAX',
        state: 'congested',
        vesselsWaiting: 31,
        dwellHours: 96.4,
        usualDwellHours: 40,
      },
    ]);
    await put('weather_alerts', [
      {
        ...event,
        id: 'w1',
        alertId: 'urn:1',
        hazardId: 'KLOT.BZ.W.1',
        messageType: 'alert',
        event: 'Blizzard Warning',
        severity: 'severe',
        certainty: 'likely',
        zones: ['ILZ014'],
        onsetAt: noon,
        endsAt: noon + 120 * minute,
        headline: 'Stay off the roads.',
      },
    ]);
  });

  it('is every version, action and decision of the one exception, in the order of log time', async () => {
    const history = await historyOf(new Board(), 'x1', records);
    expect(history?.complete).toBe(true);
    expect(history?.entries.map(({ kind, id, version }) => `${kind} ${id} ${version}`)).toEqual([
      'exception x1 1',
      'action a1 1',
      'decision d1 null',
      'exception x1 2',
      'action a1 2',
      'decision d2 null',
    ]);
    expect(history?.entries[3]).toEqual({
      kind: 'exception',
      at: noon,
      id: 'x1',
      version: 2,
      row: {
        state: 'acknowledged',
        severity: 72,
        kind: 'predicted',
        changedBy: 'decision',
        changedRef: null,
        assignee: 'Kim',
        snoozedUntil: null,
        contractVersion: 2,
        playbook: 'delay-predicted@1',
      },
    });
    expect(history?.entries[5]?.row).toMatchObject({
      verdict: 'comment',
      by: 'Dana',
      note: 'it’s "late"',
      causeId: 'port:USLAX',
      until: null,
    });
    expect(await historyOf(new Board(), 'nobody', records)).toBeUndefined();
  });

  it('is completed by what the board has heard and the tables have not', async () => {
    const board = new Board();
    board.applyException(anException({ version: 3, heardAt: noon + 2 * minute, state: 'resolved' }));
    board.applyDecision(aDecision({ id: 'd3', heardAt: noon + 3 * minute, note: 'done' }));
    const history = await historyOf(board, 'x1', records);
    expect(history?.entries.slice(-3).map(({ id, version }) => `${id} ${version}`)).toEqual([
      'd2 null',
      'x1 3',
      'd3 null',
    ]);
  });

  it('says in words what the evidence is, and nothing of what it does not know', async () => {
    const said = await records.evidence(['e1', 'e2', 'p1', 'urn:1', 'unknown', "'; DROP TABLE decisions"]);
    expect(Object.fromEntries(said.map(({ id, at, says }) => [id, `${at === noon} ${says}`]))).toEqual({
      e1: 'true departed (weather) Joliet from saia-214',
      e2: 'true information: not delivered (cargo) Fort Wayne from saia-214',
      p1: 'true USLAX congested: 31 vessels wait, a call takes 96 h instead of 40 h',
      'urn:1': 'true Blizzard Warning (severe), until 2025-01-14 11:30 Stay off the roads.',
    });
    expect(await records.evidence([])).toEqual([]);
  });
});

it('tells what the board knows, and that it is not all, when the tables do not answer', async () => {
  const board = new Board();
  board.applyException(anException());
  const dead = connectClickHouse({ url: 'http://127.0.0.1:1' });
  const history = await historyOf(board, 'x1', deskRecords(dead));
  expect(history).toMatchObject({ complete: false, entries: [{ id: 'x1', version: 1 }] });
  await dead.close();
});
