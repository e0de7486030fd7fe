import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { readableSets } from '../../domain/feature-set.ts';
import { featureNames } from '../../domain/features.ts';
import type { OpenPeriod } from './ask.ts';
import { atAsOf } from './labels-now.ts';

/** A logged prediction whose truth is known, with its features as today's models take them. */
export interface LearnableRow {
  readonly id: string;
  readonly shipmentId: string;
  readonly features: Float32Array;
  readonly label: 0 | 1;
  /** When the features were seen. */
  readonly at: number;
  readonly stage: string;
  readonly carrier: string;
  readonly lane: string;
  readonly minutesLate: number | null;
  /** Minutes from the arrival that was expected when it was made to the delivery. */
  readonly afterExpectedMin: number | null;
  readonly cause: string;
  readonly happened: readonly string[];
  readonly modelVersion: string;
  readonly probability: number;
  readonly treated: boolean;
  readonly holdOut: boolean;
  /** How many untreated shipments it stands for; 0 where it was treated. */
  readonly weight: number;
}

/** Where rows come from: the same question gives the same rows, and the hash tells whether they still are. */
export interface RowLineage {
  readonly asOf: number;
  /** Log time of the first and the last prediction, and their ids. */
  readonly from: number | null;
  readonly until: number | null;
  readonly firstId: string | null;
  readonly lastId: string | null;
  readonly rows: number;
  readonly shipments: number;
  readonly treated: number;
  readonly heldOut: number;
  /** Left out because a feature meant something else when they were logged. */
  readonly unreadable: number;
  readonly features: readonly string[];
  /** SHA-256 over id, label, weight and features of each row, in their order. */
  readonly sha256: string;
}

export interface TrainingRowsOptions extends OpenPeriod {
  /** Log time: what was known then. Left out: all that is known. */
  readonly asOf?: number;
  /** `untreated`: without what was treated. */
  readonly population?: 'all' | 'untreated';
}

type Cells = readonly [
  id: string,
  shipmentId: string,
  at: number,
  featureSet: string,
  features: readonly (number | null)[],
  label: 0 | 1,
  stage: string,
  carrier: string,
  lane: string,
  minutesLate: number | null,
  cause: string,
  happened: readonly string[],
  modelVersion: string,
  probability: number,
  treated: boolean,
  holdOut: boolean,
  weight: number,
  afterExpectedMin: number | null,
];

const LATEST = Date.UTC(2299, 0);

/**
 * What there is to learn from: predictions as they were logged, joined by their id with what is known of them. Features are
 * never computed anew, so nothing can be in them that was not known then; labels are those that were known at `asOf`.
 */
export const trainingRowsOf = async (
  client: ClickHouseClient,
  { from = 0, to = LATEST, asOf = LATEST, population = 'all' }: TrainingRowsOptions = {},
): Promise<{ readonly rows: readonly LearnableRow[]; readonly lineage: RowLineage }> => {
  const answer = await client.query({
    query: sql(population),
    format: 'JSONCompactEachRow',
    query_params: { from: Math.floor(from), to: Math.floor(to), asOf: Math.floor(asOf) },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const sets = readableSets();
  const hash = createHash('sha256');
  const rows: LearnableRow[] = [];
  let unreadable = 0;
  for await (const some of answer.stream<Cells>()) {
    for (const line of some) {
      const row = rowOf(line.json() as Cells, sets);
      if (row === null) {
        unreadable += 1;
        continue;
      }
      hash.update(`${row.id} ${row.label} ${row.weight}\n`);
      hash.update(new Uint8Array(row.features.buffer));
      rows.push(row);
    }
  }
  const count = (matches: (row: LearnableRow) => boolean): number => rows.filter(matches).length;
  return {
    rows,
    lineage: {
      asOf,
      from: rows[0]?.at ?? null,
      until: rows.at(-1)?.at ?? null,
      firstId: rows[0]?.id ?? null,
      lastId: rows.at(-1)?.id ?? null,
      rows: rows.length,
      shipments: new Set(rows.map(({ shipmentId }) => shipmentId)).size,
      treated: count(({ treated }) => treated),
      heldOut: count(({ holdOut }) => holdOut),
      unreadable,
      features: featureNames,
      sha256: hash.digest('hex'),
    },
  };
};

/** Rows of before sets were named have as many columns as the first set. */
const rowOf = (cells: Cells, sets: ReadonlyMap<string, number>): LearnableRow | null => {
  const [id, shipmentId, at, featureSet, values, label, stage, carrier, lane, minutesLate, cause, happened] =
    cells;
  const known = featureSet === '' ? values.length : sets.get(featureSet);
  if (known === undefined || known !== values.length || known > featureNames.length) return null;
  const features = new Float32Array(featureNames.length).fill(NaN);
  for (const [column, value] of values.entries()) features[column] = value ?? NaN;
  return {
    id,
    shipmentId,
    features,
    label,
    at,
    stage,
    carrier,
    lane,
    minutesLate,
    cause,
    happened,
    modelVersion: cells[12],
    probability: cells[13],
    treated: cells[14],
    holdOut: cells[15],
    weight: cells[16],
    afterExpectedMin: cells[17],
  };
};

const sql = (population: 'all' | 'untreated'): string => `
SELECT
  l.id, l.shipment_id, toUnixTimestamp64Milli(l.predicted_at), p.feature_set, p.features, assumeNotNull(l.label), l.stage,
  l.carrier, l.lane, l.minutes_late, l.cause, l.happened, l.model_version, l.probability, l.treated, l.hold_out, l.weight,
  dateDiff('millisecond', p.expected_at, l.delivered_at) / 60000
FROM (${atAsOf}) AS l
INNER JOIN (
  SELECT id, feature_set, features, expected_at FROM predictions
  WHERE heard_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND heard_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  LIMIT 1 BY id
) AS p ON p.id = l.id
${population === 'untreated' ? 'WHERE NOT l.treated' : ''}
ORDER BY l.predicted_at, l.id`;
