import type { ClickHouseClient } from '@clickhouse/client';
import { askOf } from './ask.ts';
import { latest } from './labels-now.ts';

/** A logged prediction and, once it is known and was nobody's doing, what came of it. */
export interface PredictedRow {
  readonly probability: number;
  readonly features: readonly (number | null)[];
  readonly label: 0 | 1 | null;
}

/** Predictions of a period that are looked at: of more, those of the lowest hashes of their ids, the same ones always. */
const ROWS_A_PERIOD = 4_000;

/**
 * What a version predicted in a period, with what is known of it by now. The feature set must be the one that is asked
 * for: another one has other columns.
 */
export const predictedRows = (
  client: ClickHouseClient,
  modelVersion: string,
  featureSet: string,
  period: { readonly from: number; readonly to: number },
): Promise<readonly PredictedRow[]> =>
  rowsOf(
    client,
    `SELECT p.probability AS probability, p.features AS features, if(l.treated, NULL, l.label) AS label
FROM (
  SELECT id, probability, features FROM predictions
  WHERE model_version = {modelVersion:String} AND feature_set = {featureSet:String} AND answered = 'model'
    AND heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  ORDER BY cityHash64(id) LIMIT 1 BY id LIMIT ${ROWS_A_PERIOD}
) AS p LEFT JOIN (${latest}) AS l ON l.id = p.id
SETTINGS join_use_nulls = 1`,
    { ...period, modelVersion, featureSet },
  );

/** What a version beside the judged one said, with what else was said by then, and what came of it. */
export interface ServedPrediction {
  readonly eta: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
  readonly cause: { readonly code: string; readonly probability: number } | null;
  readonly risks: Readonly<Record<string, number>>;
  readonly end: {
    readonly late: 0 | 1;
    readonly deliveredAt: number | null;
    readonly cause: string;
    readonly happened: readonly string[];
  } | null;
}

type ServedCells = readonly [
  p10: number | null,
  p50: number | null,
  p90: number | null,
  code: string | null,
  probability: number | null,
  risks: string,
  late: 0 | 1 | null,
  deliveredAt: number | null,
  cause: string | null,
  happened: readonly string[],
];

/** Predictions of a period in which the version spoke; their ends as they are known by now, without what was treated. */
export const servedRows = async (
  client: ClickHouseClient,
  modelVersion: string,
  period: { readonly from: number; readonly to: number },
): Promise<readonly ServedPrediction[]> => {
  const rows = await rowsOf<{ readonly cells: ServedCells }>(
    client,
    `SELECT tuple(${['p10', 'p50', 'p90'].map((name) => `toUnixTimestamp64Milli(p.eta_${name})`).join(', ')},
  p.cause_code, p.cause_probability, p.risks, if(l.treated, NULL, l.label), toUnixTimestamp64Milli(l.delivered_at), l.cause, l.happened) AS cells
FROM (
  SELECT id, eta_p10, eta_p50, eta_p90, cause_code, cause_probability, risks FROM predictions
  WHERE has(model_versions, {modelVersion:String})
    AND heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  ORDER BY cityHash64(id) LIMIT 1 BY id LIMIT ${ROWS_A_PERIOD}
) AS p LEFT JOIN (${latest}) AS l ON l.id = p.id
SETTINGS join_use_nulls = 1, output_format_json_named_tuples_as_objects = 0`,
    { ...period, modelVersion },
  );
  return rows.map(
    ({ cells: [p10, p50, p90, code, probability, risks, late, deliveredAt, cause, happened] }) => ({
      eta: p10 === null || p50 === null || p90 === null ? null : { p10, p50, p90 },
      cause: code === null || probability === null ? null : { code, probability },
      risks: JSON.parse(risks) as Readonly<Record<string, number>>,
      end: late === null || cause === null ? null : { late, deliveredAt, cause, happened },
    }),
  );
};

/** Rows that two versions scored, one of them as champion and the other in the shadow, and nobody treated. */
export interface PairedRow {
  readonly shipmentId: string;
  readonly segment: string;
  readonly label: 0 | 1;
  readonly weight: number;
  readonly incumbent: number;
  readonly candidate: number;
}

/** By the shadow column of what the incumbent predicted since then; names are `model@version`. */
export const pairedRows = (
  client: ClickHouseClient,
  incumbent: string,
  candidate: string,
  since: number,
): Promise<readonly PairedRow[]> =>
  rowsOf(
    client,
    `SELECT shipment_id AS shipmentId, carrier AS segment, assumeNotNull(label) AS label, weight, probability AS incumbent,
  JSONExtractFloat(arrayFirst(one -> JSONExtractString(one, 'modelVersion') = {candidate:String}, JSONExtractArrayRaw(shadow)), 'probability') AS candidate
FROM (${latest})
WHERE model_version = {incumbent:String} AND answered = 'model' AND NOT treated AND position(shadow, {candidate:String}) > 0
ORDER BY predicted_at, id`,
    { from: since, to: Date.UTC(2299, 0), incumbent, candidate },
  );

/** In how many shipments that nobody treated each category came to pass after a prediction, and how many there are. */
export const seenInHistory = async (
  client: ClickHouseClient,
  period: { readonly from: number; readonly to: number },
): Promise<{ readonly shipments: number; readonly byCategory: Readonly<Record<string, number>> }> => {
  const rows = await askOf(client)<{ readonly category: string; readonly shipments: number }>(
    `SELECT category, uniqExact(shipment_id) AS shipments
FROM (${latest}) ARRAY JOIN arrayConcat([''], happened) AS category
WHERE NOT treated
GROUP BY category`,
    period,
  );
  const byCategory = Object.fromEntries(rows.map(({ category, shipments }) => [category, shipments]));
  const { '': shipments = 0, ...others } = byCategory;
  return { shipments, byCategory: others };
};

/** One shipment whose promise has passed and whose end is known. */
export interface EndedShipment {
  readonly carrier: string;
  readonly lane: string;
  readonly service: string;
  readonly knownAt: number;
  readonly late: 0 | 1;
}

/** Those of which that became true in a period, in that order: delivered, heard of, and promised for before. */
export const endedShipments = (
  client: ClickHouseClient,
  period: { readonly from: number; readonly to: number },
): Promise<readonly EndedShipment[]> =>
  askOf(client)(
    `SELECT carrier, lane, service, toUnixTimestamp64Milli(known) AS knownAt, toUInt8(minutes_late > 0) AS late
FROM (SELECT *, greatest(heard_at, promised_at) AS known FROM outcomes FINAL WHERE delivered_at IS NOT NULL)
WHERE known >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND known < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
ORDER BY known, shipment_id`,
    period,
  );

const rowsOf = async <Row>(
  client: ClickHouseClient,
  query: string,
  parameters: Readonly<Record<string, string | number>>,
): Promise<readonly Row[]> => {
  const answer = await client.query({
    query,
    format: 'JSONEachRow',
    // Log time has fractions of a millisecond, columns have not.
    query_params: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === 'number' ? Math.floor(value) : value,
      ]),
    ),
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return answer.json<Row>();
};
