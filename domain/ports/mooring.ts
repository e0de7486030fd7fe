import type { PortCall } from '../port-call.ts';
import { stableId } from '../stable-id.ts';
import type { VesselPosition } from '../vessel-position.ts';

/** Where a vessel lies, and by which name that was said. */
export interface Lies {
  readonly port: string;
  readonly place: PortCall['place'];
  readonly vessel: string;
}

export interface Mooring {
  /** From its static report; null until one was heard. */
  readonly imo: string | null;
  readonly lies: Lies | null;
  /** Event time of the last position that was used. */
  readonly at: number;
}

export const unknownVessel: Mooring = { imo: null, lies: null, at: -Infinity };

/** Knots: below the first a vessel lies still, above the second it is under way; between them it swings at its anchor. */
const STILL_KN = 0.5;
const UNDER_WAY_KN = 2;

/**
 * Where it lies by this position; undefined where the position does not tell. A watch officer sets the navigational status by hand,
 * and forgets it: at anchor or moored counts only while the vessel is still and in a port.
 */
const liesAt = ({ port, speedKn, navigation }: VesselPosition): Omit<Lies, 'vessel'> | null | undefined => {
  if (port === null) return null;
  const speed = speedKn ?? 0;
  if (speed > UNDER_WAY_KN) return null;
  if (speed > STILL_KN) return undefined;
  if (navigation === 5) return { port, place: 'berth' };
  return navigation === 1 ? { port, place: 'anchorage' } : undefined;
};

/**
 * A vessel after one more report, and what of its visit has begun or ended by it. At anchor at 6:00, moored at 20:00, under way at 4:00 →
 * anchorage begun 6:00 · anchorage ended and berth begun 20:00 · berth ended 4:00. A position that is older than the last is left out.
 */
export const advanceMooring = (
  before: Mooring,
  report: VesselPosition,
): { readonly state: Mooring; readonly calls: readonly PortCall[] } => {
  const imo = report.imo ?? before.imo;
  if (report.latitude === null || report.at < before.at) return { state: { ...before, imo }, calls: [] };
  const found = liesAt(report);
  const { lies: lay } = before;
  const isSame = found === undefined || (found?.port === lay?.port && found?.place === lay?.place);
  if (isSame) return { state: { ...before, imo, at: report.at }, calls: [] };
  const vessel = imo === null ? `mmsi:${report.mmsi}` : `imo:${imo}`;
  const lies = found === null ? null : { ...found, vessel };
  const calls = [
    ...(lay === null ? [] : [callOf(lay, 'ended', report)]),
    ...(lies === null ? [] : [callOf(lies, 'begun', report)]),
  ];
  return { state: { imo, lies, at: report.at }, calls };
};

const callOf = (
  { port, place, vessel }: Lies,
  change: PortCall['change'],
  { at, heardAt, source }: VesselPosition,
): PortCall => ({
  id: stableId('port-call', port, vessel, place, change, at),
  at,
  heardAt,
  source,
  port,
  vessel,
  place,
  change,
});
