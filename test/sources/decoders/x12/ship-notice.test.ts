import { describe, expect, it } from 'vitest';
import { allocation } from '../../../../domain/order.ts';
import { allocationsOf, eventsOf, failuresOf, iso, readSet } from './read-x12.ts';

const notice = (purpose: string): string[] => [
  `BSN*${purpose}*SHP-7*20250602*0600`,
  'HL*1**S',
  'TD5*B*2*RDWY',
  'REF*BM*BL-9',
  'DTM*011*20250601*1700',
  'DTM*017*20250605*1200',
  'HL*2*1*O',
  'PRF*PO-1',
  'REF*CN*NOT-THE-SHIPMENT',
  'HL*3*2*P',
  'MAN*GM*00000010012345614785',
  'HL*4*3*I',
  'LIN*1*VP*87787D',
  'SN1**24*EA',
  'HL*5*2*I',
  'LIN**UP*999999311746*VP*99887D',
  'SN1**6*EA',
  'HL*6*1*O',
  'PRF*PO-2',
  'HL*7*6*I',
  'LIN*1*VP*A',
  'SN1*1*2*EA',
  'HL*8*1*O',
  'PRF*PO-1',
  'HL*9*8*I',
  'LIN*1*VP*87787D',
  'SN1**1*EA',
];

describe('an 856', () => {
  it('allocates lines to the shipment by purchase order, an order in two places as one', () => {
    const decoded = readSet('856', notice('00'));
    expect(failuresOf(decoded)).toEqual([]);
    const found = allocationsOf(decoded);
    expect(found.map(({ orderId, shipmentId, lines }) => [orderId, shipmentId, lines])).toEqual([
      [
        'PO-1',
        'SHP-7',
        [
          { lineId: '1', quantity: 25 },
          { lineId: '99887D', quantity: 6 },
        ],
      ],
      ['PO-2', 'SHP-7', [{ lineId: '1', quantity: 2 }]],
    ]);
    for (const one of found) expect(allocation.safeParse(one).success).toBe(true);
    expect(iso(found[0]?.at)).toBe('2025-06-02T10:00:00.000Z');
  });

  it('announces the shipment, says when it was shipped and when it is expected, and picks nothing up', () => {
    const events = eventsOf(readSet('856', notice('00')));
    expect(events.map(({ status, at, estimatedAt }) => [status, iso(at), iso(estimatedAt)])).toEqual([
      ['planned', '2025-06-02T10:00:00.000Z', null],
      ['information', '2025-06-01T21:00:00.000Z', null],
      ['estimate', '2025-06-02T11:00:00.000Z', '2025-06-05T16:00:00.000Z'],
    ]);
    expect(events[0]?.identifiers).toEqual([
      { issuer: 'RDWY', kind: 'shipper_reference', value: 'SHP-7' },
      { issuer: 'RDWY', kind: 'bol', value: 'BL-9' },
    ]);
  });

  it('takes everything off the shipment once it is cancelled', () => {
    const decoded = readSet('856', notice('01'));
    expect(allocationsOf(decoded).map(({ orderId, lines }) => [orderId, lines])).toEqual([
      ['PO-1', []],
      ['PO-2', []],
    ]);
    expect(eventsOf(decoded)[0]).toMatchObject({ status: 'cancelled', category: 'cancelled' });
  });

  it('tells items without an order, quantities that are none, and levels that run in a circle', () => {
    const odd = [
      'BSN*00*SHP-7*20250602*0600',
      'HL*1*2*O',
      'HL*2*1*I',
      'LIN*1*VP*A',
      'SN1**3*EA',
      'SN1**many*EA',
    ];
    const decoded = readSet('856', odd);
    expect(allocationsOf(decoded)).toEqual([]);
    expect(failuresOf(decoded)).toEqual([
      'FW402 transaction set 856: 1 items stand below no order (PRF); SN1: "many" is no quantity',
    ]);
  });

  it('keeps the allocations where one date cannot be read', () => {
    const broken = notice('00').map((one) => one.replace('DTM*011*20250601*1700', 'DTM*011*200'));
    const decoded = readSet('856', broken);
    expect(allocationsOf(decoded)).toHaveLength(2);
    expect(failuresOf(decoded)[0]).toContain('DTM 011 (011): "200" is no date and time');
  });
});
