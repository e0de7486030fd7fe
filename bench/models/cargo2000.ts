import { featureNames } from '../../domain/features.ts';
import { shipmentPlan } from '../../domain/shipment-plan.ts';
import { trackingEvent } from '../../domain/tracking-event.ts';
import { type RecordedRow, recordedRows } from '../../models/evaluation/cargo2000.ts';
import { readCargo2000 } from '../../sources/replay/cargo2000.ts';
import type { Task } from './task.ts';

const TRAIN_SHARE = 0.7;

export interface Cargo2000 {
  readonly learned: readonly RecordedRow[];
  readonly judged: readonly RecordedRow[];
}

/** Rows of the first 70 % of the shipments, and of the rest, with the features as serving computes them. */
export const cargo2000Rows = async (file: string): Promise<Cargo2000> => {
  const source = { feed: 'cargo2000', document: 'd', position: 0, decoder: 'canonical', mapping: null };
  const shipments = (await readCargo2000(file)).map(({ plan, events }) => ({
    plan: shipmentPlan.parse({ ...plan, heardAt: plan.at, source }),
    events: events.map((event) => trackingEvent.parse({ ...event, heardAt: event.at, source })),
  }));
  const boundary = Math.floor(shipments.length * TRAIN_SHARE);
  return {
    learned: shipments.slice(0, boundary).flatMap(recordedRows),
    judged: shipments.slice(boundary).flatMap(recordedRows),
  };
};

export const cargo2000Task = ({ learned, judged }: Cargo2000): Task => {
  const rows = [...learned, ...judged];
  const matrix = new Float32Array(rows.length * featureNames.length);
  for (const [row, { features }] of rows.entries()) matrix.set(features, row * featureNames.length);
  return {
    name: 'Cargo 2000',
    columns: featureNames,
    matrix,
    labels: Uint8Array.from(rows, ({ label }) => label),
    rows: rows.length,
    learned: learned.length,
    stages: rows.map(({ stages }) => stages),
    delays: Float64Array.from(rows, ({ delay }) => delay),
    leadHours: Float64Array.from(rows, ({ leadHours }) => leadHours),
  };
};
