import type { Place } from '../../../domain/event.ts';
import type { Stamp } from './moment.ts';
import { placeOfMs1, placeOfN4 } from './places.ts';
import { isContainerNumber } from '../container-number.ts';
import { equipmentOf, referenceOf, type Reference } from './references.ts';
import { cutSegments } from './segment.ts';

/**
 * X12 214 (Transportation Carrier Shipment Status), read by segment and not by position:
 *
 *   B10 reference, shipment id, SCAC · L11 more references · N1/N4 parties and where they are
 *   LX  loop: AT7 status, each followed by its own MS1 place, MS2 equipment and K1 remark · L11, PRF, MAN references of the
 *             loop · Q7 trouble with the goods
 *
 * References before the first LX hold for every status, those inside a loop for the loop's only, equipment for its AT7's.
 */
export interface ShipmentStatus {
  readonly scac: string;
  readonly references: readonly Reference[];
  /** Where a party is, by entity code N101 (`SH`, `CN` …). */
  readonly parties: ReadonlyMap<string, Place>;
  readonly loops: readonly StatusLoop[];
}

export interface StatusLoop {
  readonly references: Reference[];
  readonly statuses: StatusLine[];
  readonly troubles: Trouble[];
}

/** A Q7: the lading exception code, and of how many pieces, such as `2 CTN`. */
export interface Trouble {
  readonly code: string;
  readonly pieces: string | null;
}

/** One AT7 and what follows it. */
export interface StatusLine {
  readonly status: string;
  readonly statusReason: string;
  readonly appointment: string;
  readonly appointmentReason: string;
  readonly stamp: Stamp;
  place: Place | null;
  equipment: Reference | null;
  remark: string | null;
}

/** Segments that an event keeps something of; AT8 weights, G62 dates … are not cut up at all. */
const read = new Set(['B10', 'L11', 'PRF', 'MAN', 'N1', 'N4', 'LX', 'AT7', 'MS1', 'MS2', 'K1', 'Q7']);

/** The content of a transaction, or the rule that it breaks. */
export const readShipmentStatus = (
  raw: readonly string[],
  separator: string,
): ShipmentStatus | { readonly broken: string } => {
  const cut = cutSegments(raw, separator, read, 'B10');
  if ('broken' in cut) return cut;
  const references: Reference[] = [];
  const parties = new Map<string, Place>();
  const loops: StatusLoop[] = [];
  let scac = '';
  let loop: StatusLoop | null = null;
  let line: StatusLine | null = null;
  let partyCode = '';

  const loopHere = (): StatusLoop => {
    loop ??= addLoop(loops);
    return loop;
  };
  const add = (to: Reference[], reference: Reference | null): void => {
    if (reference !== null && reference.value !== '') to.push(reference);
  };
  for (const segment of cut.segments) {
    const value = (i: number): string => segment.value(i);
    switch (segment.id) {
      case 'B10':
        scac = value(3).toUpperCase();
        add(references, { kind: 'carrier', value: value(1) });
        add(references, { kind: 'shipper_reference', value: value(2) });
        add(references, referenceOf(value(5), value(6)));
        break;
      case 'L11':
        add(loop?.references ?? references, referenceOf(value(2), value(1)));
        break;
      case 'PRF':
        add(loop?.references ?? references, { kind: 'po', value: value(1) });
        break;
      case 'MAN':
        if (value(1) === 'CP') add(loopHere().references, { kind: 'tracking', value: value(2) });
        break;
      case 'N1':
        partyCode = value(1);
        break;
      case 'N4':
        if (!parties.has(partyCode)) parties.set(partyCode, placeOfN4(segment));
        break;
      case 'LX':
        loop = addLoop(loops);
        line = null;
        break;
      case 'AT7':
        line = {
          status: value(1),
          statusReason: value(2),
          appointment: value(3),
          appointmentReason: value(4),
          stamp: { date: value(5), time: value(6), timeCode: value(7) },
          place: null,
          equipment: null,
          remark: null,
        };
        loopHere().statuses.push(line);
        break;
      case 'MS1':
        if (line !== null) line.place = placeOfMs1(segment);
        break;
      case 'MS2': {
        const equipment = equipmentOfMs2(value(1), value(2), value(3), value(4));
        if (line === null || equipment?.kind === 'container') add(loopHere().references, equipment);
        else line.equipment = equipment;
        break;
      }
      case 'K1':
        if (line !== null)
          line.remark = `${line.remark ?? ''} ${value(1)} ${value(2)}`.trim().slice(0, 1_000);
        break;
      case 'Q7':
        if (value(1) !== '')
          loopHere().troubles.push({ code: value(1), pieces: `${value(3)} ${value(2)}`.trim() || null });
        break;
      default:
    }
  }
  return { scac, references, parties, loops };
};

const addLoop = (loops: StatusLoop[]): StatusLoop => {
  const loop: StatusLoop = { references: [], statuses: [], troubles: [] };
  loops.push(loop);
  return loop;
};

/**
 * MS2: owner's SCAC, number, description (`CN` container, `TL` trailer), check digit. A container is the carrier's name for the
 * shipment; a trailer is used again tomorrow, so it is named by its owner and resolves only within its plan's time.
 */
const equipmentOfMs2 = (
  owner: string,
  number: string,
  description: string,
  checkDigit: string,
): Reference | null => {
  if (number === '') return null;
  if (isContainerNumber(number)) return equipmentOf('', number, checkDigit);
  if (description === 'CN') return { kind: 'container', value: number };
  return { kind: 'equipment', value: number, ...(owner === '' ? {} : { issuer: owner.toUpperCase() }) };
};
