import type { ClickHouseClient } from '@clickhouse/client';
import type { Records } from '../../console/exception-history.ts';
import type { EvidenceView, HistoryEntry } from '../../console/page/contract.ts';
import { shipmentEvents } from '../../sinks/clickhouse/shipment-events.ts';

const millis = (column: string): string => `toUnixTimestamp64Milli(${column})`;

/** One row of JSON text each, so that the three kinds need no columns in common. `e.kind`: a bare name would mean the alias. */
const historySql = `
SELECT 'exception' AS kind, ${millis('heard_at')} AS at, id, version, toJSONString(map(
  'state', toString(state), 'severity', toString(severity), 'kind', toString(e.kind),
  'changedBy', toString(changed_by), 'changedRef', ifNull(changed_ref, ''), 'assignee', ifNull(assignee, ''),
  'snoozedUntil', ifNull(toString(${millis('snoozed_until')}), ''),
  'contractVersion', ifNull(toString(contract_version), ''), 'playbook', ifNull(playbook, ''))) AS row
FROM exception_history AS e WHERE id = {id: String}
UNION ALL
SELECT 'action', ${millis('heard_at')}, id, version, toJSONString(map(
  'type', toString(type), 'state', toString(state), 'role', ifNull(role, ''),
  'decidedBy', ifNull(decided_by, ''), 'decidedReason', ifNull(decided_reason, ''),
  'dueAt', ifNull(toString(${millis('due_at')}), ''), 'sentAt', ifNull(toString(${millis('sent_at')}), '')))
FROM action_history WHERE exception_id = {id: String}
UNION ALL
SELECT 'decision', ${millis('heard_at')}, id, 0, toJSONString(map(
  'verdict', toString(verdict), 'by', toString(by), 'actionId', ifNull(action_id, ''),
  'reason', toString(reason), 'note', note, 'assignee', ifNull(assignee, ''),
  'until', ifNull(toString(${millis('until')}), ''), 'causeId', ifNull(cause_id, '')))
FROM decisions WHERE exception_id = {id: String}`;

const evidenceSql = `
SELECT id, ${millis('at')} AS at, concatWithSeparator(' ',
  concat(replaceAll(toString(status), '_', ' '),
    if(effect IN ('none', 'unknown', ''), '', concat(': ', replaceAll(toString(effect), '_', ' ')))),
  if(cause IN ('none', ''), '', concat('(', replaceAll(toString(cause), '_', ' '), ')')),
  ifNull(place_city, ''), ifNull(place_unlocode, ''), concat('from ', source_feed)) AS says
FROM tracking_events WHERE id IN {ids: Array(String)}
UNION ALL
SELECT alert_id, ${millis('at')}, concatWithSeparator(' ', toString(event), concat('(', toString(severity), '),'),
  'until', formatDateTime(ends_at, '%F %R', 'UTC'), headline)
FROM weather_alerts WHERE alert_id IN {ids: Array(String)}
UNION ALL
SELECT id, ${millis('at')}, concat(port, ' ', toString(state), ': ', toString(vessels_waiting), ' vessels wait, a call takes ',
  toString(round(dwell_hours)), ' h instead of ', toString(round(usual_dwell_hours)), ' h')
FROM port_status WHERE id IN {ids: Array(String)}
UNION ALL
SELECT id, ${millis('at')}, concat(toString(round(100 * probability)), ' % likely late after ', replaceAll(toString(stage), '_', ' '),
  ', by ', toString(model_version), if(answered = 'fallback', ' (rule of thumb)', ''))
FROM predictions WHERE id IN {ids: Array(String)}`;

interface HistoryRow {
  readonly kind: HistoryEntry['kind'];
  readonly at: string | number;
  readonly id: string;
  readonly version: number;
  readonly row: string;
}
interface EvidenceRow {
  readonly id: string;
  readonly at: string | number;
  readonly says: string;
}

/** What the desk asks the tables: they are filled from the log, and keep every version. */
export const deskRecords = (client: ClickHouseClient): Records => {
  const ask = async <Row>(query: string, params: Record<string, unknown>): Promise<Row[]> => {
    const answer = await client.query({ query, query_params: params, format: 'JSONEachRow' });
    return answer.json<Row>();
  };
  return {
    history: async (id) => {
      const rows = await ask<HistoryRow>(historySql, { id });
      return rows.map(({ kind, at, id: of, version, row }) => ({
        kind,
        at: Number(at),
        id: of,
        version: kind === 'decision' ? null : version,
        row: fieldsOf(row),
      }));
    },
    evidence: async (ids) => {
      if (ids.length === 0) return [];
      const rows = await ask<EvidenceRow>(evidenceSql, { ids });
      const said = new Map<string, EvidenceView>();
      for (const { id, at, says } of rows) {
        said.set(id, { id, at: Number(at), says: says.replaceAll(/\s+/g, ' ').trim() });
      }
      return [...said.values()];
    },
    events: (shipmentId, page) => shipmentEvents(client, shipmentId, page),
  };
};

const numeric = new Set(['severity', 'contractVersion', 'snoozedUntil', 'dueAt', 'sentAt', 'until']);

/** A ClickHouse map has values of one type; here text, and empty where there is none. */
const fieldsOf = (json: string): Record<string, string | number | null> => {
  const fields = JSON.parse(json) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value === '' ? null : numeric.has(name) ? Number(value) : value,
    ]),
  );
};
