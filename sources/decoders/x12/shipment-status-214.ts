import type { Identifier, Place } from '../../../domain/event.ts';
import { isContainerNumber, kindOfReference } from './references.ts';

/**
 * X12 214 (Transportation Carrier Shipment Status), read by segment and not by position:
 *
 *   B10 reference, shipment id, SCAC · L11 more references · N1/N4 parties and where they are
 *   LX  loop: AT7 status, each followed by its own MS1 place and MS2 equipment · L11, PRF, MAN references of the loop ·
 *             Q7 trouble with the goods
 *
 * References before the first LX hold for every status, those inside a loop for the loop's only.
 */
export interface ShipmentStatus {
  readonly scac: string;
  readonly references: readonly Reference[];
  /** Where a party is, by entity code N101 (`SH`, `CN` …). */
  readonly parties: ReadonlyMap<string, Place>;
  readonly loops: readonly StatusLoop[];
}

/** An identifier whose issuer is still to be named; `carrier` is the carrier's own number, PRO or tracking. */
export interface Reference {
  readonly kind: Identifier['kind'] | 'carrier';
  readonly value: string;
}

export interface StatusLoop {
  readonly references: Reference[];
  readonly statuses: StatusLine[];
  /** Lading exception codes, Q701. */
  readonly troubles: string[];
}

/** One AT7 and what follows it. */
export interface StatusLine {
  readonly status: string;
  readonly statusReason: string;
  readonly appointment: string;
  readonly appointmentReason: string;
  readonly date: string;
  readonly time: string;
  readonly timeCode: string;
  place: Place | null;
}

/** Segments that an event keeps something of; K1 remarks, AT8 weights, G62 dates … are not cut up at all. */
const read = new Set(['B10', 'L11', 'PRF', 'MAN', 'N1', 'N4', 'LX', 'AT7', 'MS1', 'MS2', 'Q7']);

/** The content of a transaction, or the rule that it breaks. */
export const readShipmentStatus = (
  segments: readonly string[],
  separator: string,
): ShipmentStatus | { readonly broken: string } => {
  const references: Reference[] = [];
  const parties = new Map<string, Place>();
  const loops: StatusLoop[] = [];
  let scac: string | null = null;
  let loop: StatusLoop | null = null;
  let line: StatusLine | null = null;
  let partyCode = '';

  const loopHere = (): StatusLoop => {
    loop ??= addLoop(loops);
    return loop;
  };
  for (const segment of segments) {
    const cut = segment.indexOf(separator);
    const id = cut === -1 ? segment : segment.slice(0, cut);
    if (!read.has(id)) {
      if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id))
        return { broken: `"${segment.slice(0, 40)}" is no segment; it was damaged` };
      continue;
    }
    const elements = segment.split(separator);
    const value = (i: number): string => textOf(elements[i] ?? '');
    switch (id) {
      case 'B10':
        if (scac !== null) return { broken: 'it has two B10; two transactions may have run together' };
        scac = value(3).toUpperCase();
        addReference(references, 'carrier', value(1));
        addReference(references, 'shipper_reference', value(2));
        addReference(references, kindOfReference(value(5)), value(6));
        break;
      case 'L11':
        addReference(loop?.references ?? references, kindOfReference(value(2)), value(1));
        break;
      case 'PRF':
        addReference(loop?.references ?? references, 'po', value(1));
        break;
      case 'MAN':
        if (value(1) === 'CP') addReference(loopHere().references, 'tracking', value(2));
        break;
      case 'N1':
        partyCode = value(1);
        break;
      case 'N4':
        if (!parties.has(partyCode)) parties.set(partyCode, placeOf(value(1), value(2), value(4), value(3)));
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
          date: value(5),
          time: value(6),
          timeCode: value(7),
          place: null,
        };
        loopHere().statuses.push(line);
        break;
      case 'MS1':
        if (line !== null) line.place = placeOfMs1(value);
        break;
      case 'MS2':
        // The equipment names the shipment only where it is a container; a trailer is used again tomorrow.
        if (isContainerNumber(value(2))) addReference(loopHere().references, 'container', value(2));
        else if (value(3) === 'CN' && value(2) !== '')
          addReference(loopHere().references, 'container', value(2));
        break;
      case 'Q7':
        if (value(1) !== '') loopHere().troubles.push(value(1));
        break;
      default:
    }
  }
  if (scac === null) return { broken: 'it has no B10, so nothing says which shipment it is about' };
  return { scac, references, parties, loops };
};

const addLoop = (loops: StatusLoop[]): StatusLoop => {
  const loop: StatusLoop = { references: [], statuses: [], troubles: [] };
  loops.push(loop);
  return loop;
};

const addReference = (references: Reference[], kind: Reference['kind'] | null, value: string): void => {
  if (kind !== null && value !== '') references.push({ kind, value });
};

const placeOf = (city: string, region: string, country: string, postalCode: string): Place => ({
  locationId: null,
  city: city === '' ? null : city,
  region: region === '' ? null : region,
  country: country === '' ? null : country,
  postalCode: postalCode === '' ? null : postalCode,
  unlocode: null,
  latitude: null,
  longitude: null,
});

/** MS1: city, region, country, longitude `DDDMMSS`, latitude `DDMMSS`, then their directions `E`/`W`, `N`/`S`. */
const placeOfMs1 = (value: (i: number) => string): Place | null => {
  const place = placeOf(value(1), value(2), value(3), value(8));
  const longitude = degreesOf(value(4), value(6), 'E', 'W');
  const latitude = degreesOf(value(5), value(7), 'N', 'S');
  if (longitude !== null && latitude !== null) return { ...place, longitude, latitude };
  return place.city === null && place.region === null && place.country === null ? null : place;
};

/** `0735923`, `W` → −73.9897; null without a direction, for a position on the wrong half of the earth helps nobody. */
const degreesOf = (digits: string, direction: string, positive: string, negative: string): number | null => {
  if (!/^\d{6,7}$/.test(digits) || (direction !== positive && direction !== negative)) return null;
  const seconds =
    Number(digits.slice(0, -4)) * 3600 + Number(digits.slice(-4, -2)) * 60 + Number(digits.slice(-2));
  return (direction === positive ? 1 : -1) * (Math.round((seconds / 3600) * 1e6) / 1e6);
};

/** A value without outer blanks. The file was read as Latin-1; what is UTF-8 after all is read again. */
const textOf = (raw: string): string => {
  const trimmed = raw.trim();
  if (!/[\u0080-\u00FF]/.test(trimmed)) return trimmed;
  const utf8 = Buffer.from(trimmed, 'latin1').toString('utf8');
  return utf8.includes('\uFFFD') ? trimmed : utf8;
};
