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
    query_params: parameters,
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return answer.json<Row>();
};
