import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, HEARD_AT, settingsWith, textOf } from '../decoder-settings.ts';

const place = { city: 'Laredo', state: 'TX', country: 'USA', latitude: 27.5, longitude: -99.5 };
const event = (more: object = {}): Record<string, unknown> => ({
  eventId: 'e-1',
  type: 'CUSTOMS_HOLD',
  occurredAt: '2025-06-02T05:00:00-05:00',
  sequence: 1,
  location: place,
  notes: 'papers',
  shipment: {
    shipmentId: 'S-1',
    scac: 'ABCD',
    references: [
      { type: 'pro', value: '123' },
      { type: 'Load', value: 'L-9' },
    ],
    origin: {},
    destination: {},
  },
  ...more,
});
const read = (content: unknown) =>
  decode(documentOf(JSON.stringify(content), { contentType: 'application/json' }), settingsWith());

describe('in-transit visibility', () => {
  it('reads a batch of the webhook and a page of the pull alike', () => {
    const batch = read({ deliveryId: 'd', sentAt: '2025-06-02T10:00:00Z', events: [event()] });
    expect(batch).toMatchObject([
      {
        type: 'tracking',
        value: {
          status: 'held',
          cause: 'customs',
          party: 'authority',
          category: 'customs_hold',
          at: Date.parse('2025-06-02T10:00:00Z'),
          carrier: 'ABCD',
          place: { city: 'Laredo', region: 'TX' },
          text: 'papers',
          identifiers: [
            { issuer: 'ABCD', kind: 'shipper_reference', value: 'S-1' },
            { issuer: 'ABCD', kind: 'pro', value: '123' },
            { issuer: 'ABCD', kind: 'shipper_reference', value: 'L-9' },
          ],
          source: { decoder: 'visibility/1', mapping: 'visibility@1' },
        },
      },
    ]);
    expect(read({ data: [event()], page: 1, pageSize: 100 })).toEqual(batch);
  });

  it('a bad event fails alone with its own bytes; one of the future is said to be one', () => {
    const bad = event({ eventId: 'e-2', occurredAt: 'soon' });
    const ahead = event({ eventId: 'e-3', occurredAt: new Date(HEARD_AT + 3_600_000).toISOString() });
    const decoded = read({ deliveryId: 'd', events: [event(), bad, ahead] });
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'failure']);
    expect(decoded[1]).toMatchObject({ code: 'FW402' });
    expect(decoded[1]?.type === 'failure' && JSON.parse(textOf(decoded[1].bytes))).toEqual(bad);
    expect(decoded[2]).toMatchObject({ code: 'FW403' });
  });

  it('an empty batch is a heartbeat', () => {
    expect(read({ deliveryId: 'd', events: [] })).toEqual([
      { type: 'nothing', position: 0, why: 'heartbeat' },
    ]);
  });
});
