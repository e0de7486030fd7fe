import type { Place } from '../../../domain/event.ts';
import { stampOf, type Stamp } from './date-time.ts';
import { placeOfLoc, placeOfNad } from './places.ts';
import { equipmentOf, referenceOf, type Reference } from './references.ts';
import type { Segment } from './segment.ts';
import type { ListedCode } from './status-codes.ts';

/** A LOC with the DTM times that follow it. */
export interface Stop {
  /** Element 3227: `175` activity, `9` loading, `11` discharge, `7` delivery, `8` destination. */
  readonly qualifier: string;
  readonly place: Place | null;
  readonly stamps: Stamp[];
}

/** What message, consignment and status each say in the same segments. */
export interface Level {
  readonly references: Reference[];
  readonly stamps: Stamp[];
  /** Named where it happened. */
  readonly stops: Stop[];
  /** Named as the way of a means of transport, after TDT. */
  readonly way: Stop[];
  /** By 3035: `CA` carrier, `CN` consignee, `CZ` consignor, `DP` delivery party. */
  readonly parties: Map<string, { readonly id: string; readonly place: Place | null }>;
  /** Carriers that TDT names, and its vessels or vehicles, for people. */
  readonly carriers: string[];
  readonly texts: string[];
}

export interface StatusReport extends Level {
  /** Status type, 9015; `1` is transport. */
  readonly type: string;
  readonly status: ListedCode;
  readonly reasons: readonly ListedCode[];
  /** Containers and vehicles of EQD: each is one event. */
  readonly equipment: Reference[];
}

export interface Consignment extends Level {
  readonly statuses: StatusReport[];
}

export interface IftstaReport {
  readonly header: Level;
  readonly consignments: readonly Consignment[];
  /** Message function, 1225 of BGM: 1 cancellation, 3 deletion, 9 original. */
  readonly messageFunction: string;
  /** Agencies (3055) of the message's parties. */
  readonly partyAgencies: readonly string[];
  /** Segments that are not as they must be; what stands in them may be lost to an event. */
  readonly problems: readonly string[];
}

const newLevel = (): Level => ({
  references: [],
  stamps: [],
  stops: [],
  way: [],
  parties: new Map(),
  carriers: [],
  texts: [],
});

/** Segments of IFTSTA from which no event keeps anything, in any release from D.96A to D.23A, and GIN and QTY of EANCOM. */
const unread: ReadonlySet<string> = new Set(
  'TSR CTA COM CNT DOC PCI MEA DIM SEL TPL TMD EQA EQN HAN SGP DGS TEM TMP RNG QTY PAC PIA IMD GDS TCC CPI CUX MOA GIR UNS GOR EFI CED AUT'.split(
    ' ',
  ),
);

/** Elements of the segments that are read, in the longest of all releases. One with more has swallowed what came after it. */
const longest: Readonly<Record<string, number>> = {
  BGM: 4,
  CNI: 3,
  DTM: 2,
  EQD: 8,
  FTX: 7,
  GID: 6,
  GIN: 6,
  LOC: 5,
  NAD: 9,
  RFF: 2,
  STS: 7,
  TDT: 10,
};

/**
 * IFTSTA, read by segment and not by group: what comes before the first CNI is about all consignments, what comes after a CNI
 * about that one, after an STS about that status. After a TDT, LOC and DTM are its way and no longer where it happened.
 */
export const readIftsta = (segments: readonly Segment[]): IftstaReport => {
  const header = newLevel();
  const consignments: Consignment[] = [];
  const problems: string[] = [];
  const partyAgencies: string[] = [];
  let messageFunction = '';
  let level: Level = header;
  let status: StatusReport | null = null;
  let inside: 'level' | 'way' | 'equipment' | 'goods' = 'level';

  const consignmentHere = (): Consignment => {
    const last = consignments.at(-1);
    if (last !== undefined) return last;
    const made = { ...newLevel(), statuses: [] };
    consignments.push(made);
    return made;
  };
  for (const segment of segments) {
    const value = (element: number, component = 0): string => segment.value(element, component);
    if (segment.length - 1 > (longest[segment.tag] ?? Infinity))
      problems.push(`${segment.tag} has ${segment.length - 1} elements`);
    switch (segment.tag) {
      case 'BGM':
        messageFunction = value(3);
        break;
      case 'CNI': {
        const made: Consignment = { ...newLevel(), statuses: [] };
        consignments.push(made);
        level = made;
        status = null;
        inside = 'level';
        for (const element of [1, 3])
          if (!/^\d{0,5}$/.test(value(element)))
            problems.push(`CNI has "${value(element).slice(0, 40)}" for a number`);
        const document = value(2, 0);
        if (document !== '') made.references.push({ kind: 'carrier', value: document });
        break;
      }
      case 'STS':
        status = statusOf(segment);
        consignmentHere().statuses.push(status);
        level = status;
        inside = 'level';
        break;
      case 'RFF': {
        const qualifier = value(1, 0).toUpperCase();
        if (!/^[A-Z0-9]{1,3}$/.test(qualifier))
          problems.push(`RFF has the qualifier "${qualifier.slice(0, 40)}"`);
        const reference = referenceOf(qualifier, value(1, 1));
        if (reference !== null) level.references.push(reference);
        break;
      }
      case 'DTM':
        if (inside === 'level') level.stamps.push(stampOf(segment));
        else if (inside === 'way') level.way.at(-1)?.stamps.push(stampOf(segment));
        break;
      case 'LOC':
        if (inside === 'level' || inside === 'way')
          (inside === 'way' ? level.way : level.stops).push({
            qualifier: value(1),
            place: placeOfLoc(segment),
            stamps: [],
          });
        break;
      case 'NAD':
        partyAgencies.push(value(2, 2));
        level.parties.set(value(1).toUpperCase(), { id: value(2, 0), place: placeOfNad(segment) });
        break;
      case 'TDT': {
        inside = 'way';
        level.carriers.push(value(5, 0));
        const transport = transportOf(segment);
        if (transport !== '') level.texts.push(transport);
        break;
      }
      case 'EQD': {
        inside = 'equipment';
        const equipment = equipmentOf(value(2, 0));
        if (equipment !== null) (status?.equipment ?? level.references).push(equipment);
        break;
      }
      case 'GID':
        inside = 'goods';
        break;
      case 'GIN':
        // Serial shipping container codes: the numbers on the parcels' labels.
        if (value(1) === 'BJ')
          for (let i = 2; i < segment.length; i += 1)
            if (value(i) !== '') level.references.push({ kind: 'tracking', value: value(i) });
        break;
      case 'FTX': {
        // C108 has five lines. Each is counted off from the first, so that of a million nobody may ask for the last.
        for (let line = 0; line < 5; line += 1) if (value(4, line) !== '') level.texts.push(value(4, line));
        break;
      }
      default:
        if (!unread.has(segment.tag)) problems.push(`"${segment.raw.slice(0, 40)}" is no segment of IFTSTA`);
    }
  }
  return { header, consignments, messageFunction, partyAgencies, problems };
};

const listed = (segment: Segment, element: number): ListedCode => ({
  code: segment.value(element, 0),
  list: segment.value(element, 1),
  agency: segment.value(element, 2),
});

/** STS: C601 type, C555 status with its text, C556 up to five reasons with theirs. */
const statusOf = (sts: Segment): StatusReport => {
  const texts: string[] = [];
  const reasons: ListedCode[] = [];
  for (let element = 2; element < sts.length; element += 1) {
    const text = sts.value(element, 3);
    if (text !== '') texts.push(text);
    const code = listed(sts, element);
    if (element > 2 && code.code !== '') reasons.push(code);
  }
  // Literals of one shape each: a spread costs more than all the rest of a segment.
  return {
    references: [],
    stamps: [],
    stops: [],
    way: [],
    parties: new Map(),
    carriers: [],
    texts,
    type: sts.value(1, 0),
    status: listed(sts, 2),
    reasons,
    equipment: [],
  };
};

/** Vessel, vehicle or carrier and voyage, for people: `MARIM, voyage 202N`. C222 is the eighth element, C040 the fifth. */
const transportOf = (tdt: Segment): string => {
  const named = tdt.value(8, 3) || tdt.value(5, 3) || tdt.value(8, 0);
  const voyage = tdt.value(2);
  return [named, voyage === '' ? '' : `voyage ${voyage}`].filter((part) => part !== '').join(', ');
};
