import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mappings, repository } from '../decoder-settings.ts';

const reference = `${repository}../shared/reference/status-and-reason-codes.tsv`;
const absent = !existsSync(reference);
if (absent) console.warn(`skipped: the reference list of codes is not at ${reference}`);

/** Standards of the reference file, and where our mapping has their codes. */
const owners: Readonly<Record<string, readonly [standard: string, lists: readonly string[]]>> = {
  'AfterShip-subtag': ['aftership', ['subtag']],
  'EasyPost-status': ['easypost', ['status']],
  'EasyPost-status_detail': ['easypost', ['detail']],
  'ShipEngine-status_detail_code': ['shipengine', ['detail']],
  'NMFTA-DSDC-FTL EventType': ['visibility', ['event']],
};

const rows = absent
  ? []
  : readFileSync(reference, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([standard = '']) => standard in owners);

/** The lists that carriers publish whole; those of the reference file beyond it. */
const published: Readonly<Record<string, readonly [list: string, codes: string]>> = {
  aftership: [
    'tag',
    'InfoReceived InTransit OutForDelivery AttemptFail Delivered AvailableForPickup Exception Expired Pending',
  ],
  shippo: ['status', 'UNKNOWN PRE_TRANSIT TRANSIT DELIVERED RETURNED FAILURE'],
  shipengine: ['status', 'UN AC IT DE EX AT NY SP'],
  ups: ['type', 'D DO DD I M MV NA O P RS W X'],
  'dhl-unified': ['status', 'pre-transit transit delivered failure unknown'],
  easypost: [
    'status',
    'unknown pre_transit in_transit out_for_delivery delivered available_for_pickup return_to_sender failure cancelled error',
  ],
  visibility: [
    'event',
    'PICKUP_SCHEDULED PICKUP_ATTEMPTED PICKED_UP ARRIVED_AT_TERMINAL DEPARTED_TERMINAL IN_TRANSIT DELAY EXCEPTION CUSTOMS_HOLD CUSTOMS_CLEARED OUT_FOR_DELIVERY DELIVERY_ATTEMPTED DELIVERED PROOF_OF_DELIVERY CANCELLED GATE_IN GATE_OUT VESSEL_LOADED VESSEL_UNLOADED RAIL_ARRIVAL RAIL_DEPARTURE AIR_DEPARTURE AIR_ARRIVAL OTHER',
  ],
};
const find = (standard: string, list: string, code: string) =>
  mappings.find({ standard, partner: null, list, agency: null, code });

describe('codes of carriers', () => {
  it.each(Object.entries(published))('%s: the published list is mapped whole', (standard, [list, codes]) => {
    expect(codes.split(' ').filter((code) => find(standard, list, code) === null)).toEqual([]);
  });

  it.skipIf(absent)('all of the reference list are mapped to the category that it proposes', () => {
    expect(rows.length).toBeGreaterThan(75);
    const unlike: string[] = [];
    for (const [owner = '', code = '', , category = ''] of rows) {
      const [standard, lists] = owners[owner]!;
      const row = lists.map((list) => find(standard, list, code)).find((found) => found !== null);
      if (row === undefined || row === null) unlike.push(`${owner} ${code}: not mapped`);
      else if (row.category !== category) {
        unlike.push(`${owner} ${code}: ${row.category}, proposed ${category}`);
      }
    }
    expect(unlike).toEqual([]);
  });

  it('a code that goes wrong says what it does and whose it is', () => {
    for (const [standard, list, code] of [
      ['usps', 'event', '04'],
      ['dhl', 'event', 'RD'],
      ['aftership', 'subtag', 'Exception_003'],
      ['shipengine', 'detail', 'REFUSED_BY_CUSTOMER'],
    ] as const) {
      expect(find(standard, list, code), `${standard} ${code}`).toMatchObject({
        status: 'delivery_attempted',
        effect: 'refused',
        party: 'consignee',
        category: 'refused',
      });
    }
  });
});
