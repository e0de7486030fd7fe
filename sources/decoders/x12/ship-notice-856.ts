import type { Stamp } from './moment.ts';
import { equipmentOf, referenceOf, type Reference } from './references.ts';
import { cutSegments, type Segment } from './segment.ts';

/**
 * X12 856 (Ship Notice/Manifest), read by its hierarchy and not by position:
 *
 *   BSN purpose, shipment, when · HL level `S` shipment, `O` order, `P` and `T` packs, `I` item, each below its HL02
 *   S: TD5 carrier, TD3 equipment, REF references, DTM times · O: PRF purchase order · I: LIN line and product, SN1 how much
 */
export interface ShipNotice {
  readonly purpose: string;
  readonly shipment: string;
  /** BSN03 and BSN04. */
  readonly said: Stamp;
  readonly scac: string;
  readonly references: readonly Reference[];
  readonly times: readonly { readonly qualifier: string; readonly stamp: Stamp }[];
  /** By purchase order, in their order; an order with several HL is one. */
  readonly orders: ReadonlyMap<string, readonly NoticeLine[]>;
  /** Items that stand below no order, so that nothing says whose they are. */
  readonly strayItems: number;
  /** SN102 that are no quantity, as they came. */
  readonly unread: readonly string[];
}

export interface NoticeLine {
  readonly lineId: string;
  readonly quantity: number;
}

interface Level {
  readonly code: string;
  readonly parent: string;
  order: string;
  line: string;
  product: string;
}

const read = new Set(['BSN', 'HL', 'TD5', 'TD3', 'REF', 'DTM', 'PRF', 'LIN', 'SN1', 'MAN']);

/** The content of a transaction, or the rule that it breaks. */
export const readShipNotice = (
  raw: readonly string[],
  separator: string,
): ShipNotice | { readonly broken: string } => {
  const cut = cutSegments(raw, separator, read, 'BSN');
  if ('broken' in cut) return cut;
  const references: Reference[] = [];
  const times: { qualifier: string; stamp: Stamp }[] = [];
  const levels = new Map<string, Level>();
  const orders = new Map<string, NoticeLine[]>();
  const unread: string[] = [];
  let level: Level | undefined;
  let [purpose, shipment, scac] = ['', '', ''];
  let said: Stamp = { date: '', time: '', timeCode: '' };
  let strayItems = 0;

  const add = (reference: Reference | null): void => {
    // What names an order or a pack does not name the shipment.
    const ofShipment = level === undefined || level.code === 'S' || level.code === 'E';
    if (reference !== null && reference.value !== '' && ofShipment) references.push(reference);
  };
  for (const segment of cut.segments) {
    const value = (i: number): string => segment.value(i);
    switch (segment.id) {
      case 'BSN':
        [purpose, shipment] = [value(1), value(2)];
        said = { date: value(3), time: value(4), timeCode: '' };
        add({ kind: 'shipper_reference', value: shipment });
        break;
      case 'HL':
        level = { code: value(3), parent: value(2), order: '', line: '', product: '' };
        levels.set(value(1), level);
        break;
      case 'TD5':
        if (value(2) === '2') scac ||= value(3).toUpperCase();
        break;
      case 'TD3':
        add(equipmentOf(value(2), value(3), ''));
        break;
      case 'REF':
        add(referenceOf(value(1), value(2)));
        break;
      case 'MAN':
        // A parcel's tracking number names the shipment wherever it stands.
        if (value(1) === 'CP' && value(2) !== '') references.push({ kind: 'tracking', value: value(2) });
        break;
      case 'DTM':
        if (level === undefined || level.code === 'S')
          times.push({ qualifier: value(1), stamp: { date: value(2), time: value(3), timeCode: value(4) } });
        break;
      case 'PRF':
        if (level !== undefined) level.order = value(1);
        // An order rides on several shipments, so it names none of them; the allocation says what rides on this one.
        if (value(1) !== '' && !orders.has(value(1))) orders.set(value(1), []);
        break;
      case 'LIN':
        if (level !== undefined) [level.line, level.product] = [value(1), productOf(segment)];
        break;
      default: {
        // SN1
        const quantity = Number(value(2));
        const order = level === undefined ? '' : orderAbove(level, levels);
        const lines = orders.get(order);
        if (value(2) === '' || !Number.isFinite(quantity) || quantity < 0) unread.push(value(2));
        else if (lines === undefined) strayItems += 1;
        else addLine(lines, level?.line || value(1) || level?.product || String(lines.length + 1), quantity);
      }
    }
  }
  return { purpose, shipment, said, scac, references, times, orders, strayItems, unread };
};

/** Product in LIN, by its best qualifier: the buyer's number, the vendor's, else the first. */
const productOf = (lin: Segment): string => {
  const pairs = [2, 4, 6, 8].map((i) => [lin.value(i), lin.value(i + 1)] as const);
  const best = ['BP', 'IN', 'VP', 'VN', 'UP', 'EN', 'SK'];
  for (const wanted of best) {
    const found = pairs.find(([qualifier, product]) => qualifier === wanted && product !== '');
    if (found !== undefined) return found[1];
  }
  return pairs.find(([, product]) => product !== '')?.[1] ?? '';
};

/** The order that a level belongs to: its own, else that of the level above it; bounded, for HL02 may run in a circle. */
const orderAbove = (level: Level, levels: ReadonlyMap<string, Level>): string => {
  let at: Level | undefined = level;
  for (let depth = 0; at !== undefined && depth < 20; depth += 1) {
    if (at.order !== '') return at.order;
    at = levels.get(at.parent);
  }
  return '';
};

const addLine = (lines: NoticeLine[], lineId: string, quantity: number): void => {
  const known = lines.findIndex((line) => line.lineId === lineId);
  if (known === -1) lines.push({ lineId, quantity });
  else lines[known] = { lineId, quantity: quantity + (lines[known]?.quantity ?? 0) };
};
