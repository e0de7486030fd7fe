import type { Mode } from '../../../domain/codes.ts';
import type { Place } from '../../../domain/event.ts';
import type { Stamp } from './moment.ts';
import { placeOfN4 } from './places.ts';
import { equipmentOf, referenceOf, type Reference } from './references.ts';
import { cutSegments } from './segment.ts';

/**
 * X12 204 (Motor Carrier Load Tender), read by segment and not by loop id:
 *
 *   B2 carrier, shipment · B2A purpose · L11 references · MS3 how it goes · N1 parties · N7 equipment · LH1 … dangerous goods
 *   S5  stop: why, L11 and OID references, G62 window, N1/N3/N4 where
 */
export interface LoadTender {
  readonly scac: string;
  /** B2-04, or the first reference that can stand for it; empty where nothing names the shipment. */
  readonly shipment: string;
  /** Element 353: `00` original, `01` cancellation, `04` change, `05` replacement. */
  readonly purpose: string;
  readonly references: readonly Reference[];
  readonly mode: Mode;
  readonly isHazardous: boolean;
  /** Who pays, else who ships: N1 `BT`, then `SH`; code of N1-04, else name. */
  readonly customer: string;
  readonly stops: readonly Stop[];
}

export interface Stop {
  readonly sequence: number;
  /** Element 163, such as `CL` complete load or `PU` part unload. */
  readonly reason: string;
  readonly dates: { readonly qualifier: string; readonly timeQualifier: string; readonly stamp: Stamp }[];
  /** The stop's own party, by N1: code and name, where nothing better names the place. */
  party: { readonly code: string; readonly name: string } | null;
  place: Place | null;
}

const read = new Set(['B2', 'B2A', 'L11', 'MS3', 'N1', 'N4', 'N7', 'S5', 'G62', 'OID', 'LH1', 'LH2', 'LHR']);

/** Element 91, transportation method; a tender by road is a truckload unless it says otherwise. */
const modes: Readonly<Record<string, Mode>> = {
  A: 'air',
  AE: 'air',
  AF: 'air',
  D: 'parcel',
  LT: 'ltl',
  R: 'rail',
  RR: 'rail',
  X: 'rail',
  S: 'ocean',
  O: 'ocean',
};

/** Qualifiers of element 128 that may stand for B2-04, best first. */
const substitutes = ['SI', 'LO', 'BM', 'CR', '9R'];

/** The content of a transaction, or the rule that it breaks. */
export const readLoadTender = (
  raw: readonly string[],
  separator: string,
): LoadTender | { readonly broken: string } => {
  const cut = cutSegments(raw, separator, read, 'B2');
  if ('broken' in cut) return cut;
  const references: Reference[] = [];
  const parties = new Map<string, string>();
  const substituted = new Map<string, string>();
  const stops: Stop[] = [];
  let [scac, shipment, purpose, routed] = ['', '', '00', ''];
  let mode: Mode = 'truckload';
  let isHazardous = false;
  const add = (reference: Reference | null): void => {
    if (reference !== null && reference.value !== '') references.push(reference);
  };
  for (const segment of cut.segments) {
    const value = (i: number): string => segment.value(i);
    const stop = stops.at(-1);
    switch (segment.id) {
      case 'B2':
        [scac, shipment] = [value(2).toUpperCase(), value(4)];
        break;
      case 'B2A':
        purpose = value(1) || '00';
        break;
      case 'MS3':
        routed ||= value(1).toUpperCase();
        mode = modes[value(4).toUpperCase()] ?? mode;
        break;
      case 'L11':
        if (!substituted.has(value(2))) substituted.set(value(2), value(1));
        add(referenceOf(value(2), value(1)));
        break;
      case 'OID':
        add({ kind: 'po', value: value(2) });
        break;
      case 'N7':
        add(equipmentOf(value(1), value(2), value(18)));
        break;
      case 'N1':
        if (stop === undefined) parties.set(value(1), value(4) || value(2));
        else stop.party ??= { code: value(4), name: value(2) };
        break;
      case 'N4':
        if (stop !== undefined) stop.place ??= placeOfN4(segment);
        break;
      case 'S5':
        stops.push({
          sequence: Number(value(1)) || stops.length + 1,
          reason: value(2).toUpperCase(),
          dates: [],
          party: null,
          place: null,
        });
        break;
      case 'G62':
        stop?.dates.push({
          qualifier: value(1),
          timeQualifier: value(3),
          stamp: { date: value(2), time: value(4), timeCode: value(5) },
        });
        break;
      default:
        isHazardous = true;
    }
  }
  const substitute = substitutes
    .map((qualifier) => substituted.get(qualifier) ?? '')
    .find((one) => one !== '');
  const named = shipment || substitute || '';
  add({ kind: 'shipper_reference', value: named });
  return {
    scac: scac || routed,
    shipment: named,
    purpose,
    references,
    mode,
    isHazardous,
    customer: parties.get('BT') || parties.get('SH') || '',
    stops: stops.toSorted((a, b) => a.sequence - b.sequence),
  };
};
