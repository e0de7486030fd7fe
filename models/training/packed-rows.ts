import type { TrainingRow } from './training-rows.ts';

/** Rows as a handful of arrays, which move to another thread without being copied once more. */
export interface PackedRows {
  readonly columns: number;
  readonly features: Float32Array;
  readonly labels: Float64Array;
  readonly at: Float64Array;
  /** Number of each row's shipment; −1 for none. */
  readonly shipments: Int32Array;
  /** What each row counts. */
  readonly weights: Float64Array;
}

const rowsAtOnce = 2_000;

/** Packs some thousand rows at a time, and lets others have the thread in between. */
export const packRows = async (rows: readonly TrainingRow[]): Promise<PackedRows> => {
  const columns = rows[0]?.features.length ?? 0;
  const packed = {
    columns,
    features: new Float32Array(rows.length * columns),
    labels: new Float64Array(rows.length),
    at: new Float64Array(rows.length),
    shipments: new Int32Array(rows.length),
    weights: new Float64Array(rows.length),
  };
  const numbers = new Map<string, number>();
  for (const [index, { features, label, at, shipmentId, weight = 1 }] of rows.entries()) {
    if (index % rowsAtOnce === rowsAtOnce - 1) await new Promise(setImmediate);
    packed.features.set(features, index * columns);
    packed.labels[index] = label;
    packed.at[index] = at;
    packed.weights[index] = weight;
    if (shipmentId !== undefined && !numbers.has(shipmentId)) numbers.set(shipmentId, numbers.size);
    packed.shipments[index] = shipmentId === undefined ? -1 : numbers.get(shipmentId)!;
  }
  return packed;
};

/** The rows again, as views of the arrays. */
export const unpackRows = (packed: PackedRows): TrainingRow[] => {
  const { columns, features, labels, at, shipments, weights } = packed;
  return Array.from(labels, (label, index) => ({
    features: features.subarray(index * columns, (index + 1) * columns),
    label,
    at: at[index]!,
    weight: weights[index]!,
    ...(shipments[index]! < 0 ? {} : { shipmentId: String(shipments[index]) }),
  }));
};
