import type { Cause, Effect, Party, Status } from '../../domain/codes.ts';

/** What the world can report about a shipment, in the words of the domain and in X12's. */
export interface Happening {
  readonly status: Status;
  readonly cause: Cause;
  readonly effect: Effect;
  readonly party: Party;
  /** Category of the taxonomy; null for plain progress. */
  readonly category: string | null;
  /** X12 element 1650, shipment status. */
  readonly x12Status: string;
  /** X12 element 1651, status reason. */
  readonly x12Reason: string;
}

const progress = (status: Status, x12Status: string): Happening => ({
  status,
  cause: 'none',
  effect: 'none',
  party: 'none',
  category: null,
  x12Status,
  x12Reason: 'NS',
});

const trouble = (
  status: Status,
  [cause, effect, party]: readonly [Cause, Effect, Party],
  category: string,
  x12: string,
): Happening => ({
  status,
  cause,
  effect,
  party,
  category,
  x12Status: x12.slice(0, 2),
  x12Reason: x12.slice(3),
});

export const happenings = {
  pickup: progress('picked_up', 'AF'),
  depart: progress('departed', 'P1'),
  arrive: progress('arrived', 'X4'),
  out: progress('out_for_delivery', 'X6'),
  delivery: progress('delivered', 'D1'),
  estimate: progress('estimate', 'AG'),
  breakdown: trouble('in_transit', ['mechanical', 'delay', 'carrier'], 'mechanical', 'SD AI'),
  stormbound: trouble('in_transit', ['weather', 'delay', 'force_majeure'], 'weather', 'SD AO'),
  slowProcessing: trouble('held', ['carrier_operations', 'delay', 'carrier'], 'carrier_operations', 'SD P1'),
  traffic: trouble('in_transit', ['traffic', 'delay', 'third_party'], 'road_conditions', 'SD BE'),
  missedPickup: trouble('held', ['carrier_operations', 'delay', 'carrier'], 'missed_pickup', 'SD AY'),
  missort: trouble('arrived', ['carrier_operations', 'diverted', 'carrier'], 'misroute', 'X4 AA'),
  customs: trouble('held', ['customs', 'held', 'authority'], 'customs_hold', 'PR CA'),
  address: trouble('delivery_attempted', ['address', 'not_delivered', 'shipper'], 'address', 'AP A2'),
  closed: trouble(
    'delivery_attempted',
    ['consignee', 'not_delivered', 'consignee'],
    'facility_closed',
    'AH B1',
  ),
  refused: trouble('delivery_attempted', ['consignee', 'refused', 'consignee'], 'refused', 'A7 BS'),
  damaged: trouble('information', ['cargo', 'damaged', 'carrier'], 'damage', 'A9 AK'),
  lost: trouble('information', ['other', 'lost', 'carrier'], 'loss', 'OO BG'),
  returned: trouble('returned', ['consignee', 'returned', 'consignee'], 'return', 'A3 BT'),
} as const satisfies Record<string, Happening>;

export type HappeningKind = keyof typeof happenings;
