import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith } from '../decoder-settings.ts';

const read = (value: unknown): readonly Decoded[] =>
  decode(documentOf(JSON.stringify(value), { contentType: 'application/json' }), settingsWith());

const date = (iso: string): string => `/Date(${Date.parse(iso)})/`;
const reported = (type: string, changes: object = {}): object => ({
  __metadata: { type: `com.acme.gtt.app.sof.sofService.${type}` },
  id: `id-${type}`,
  eventType: `com.acme.gtt.app.sof.Shipment.${type}`,
  logicalSystem: 'ERP100',
  trackingIdType: 'SHIPMENT_ORDER',
  trackingId: '1100037088',
  actualBusinessTimestamp: date('2025-06-01T07:30:00Z'),
  creationDateTime: date('2025-06-01T08:00:00Z'),
  ...changes,
});

describe('SAP Global Track and Trace', () => {
  it.each([
    ['Departure', 'departed'],
    ['Arrival', 'arrived'],
    ['POD', 'delivered'],
  ])('reports %s as %s', (type, status) => {
    expect(read({ d: { results: [reported(type)] } })).toMatchObject([
      {
        type: 'tracking',
        value: {
          status,
          at: Date.parse('2025-06-01T07:30:00Z'),
          identifiers: [{ issuer: 'ERP100', kind: 'tms', value: '1100037088' }],
        },
      },
    ]);
  });

  it('tells of a delay when it was written, with the last arrival that it estimates', () => {
    const estimatedArrival = {
      results: ['2025-06-11T07:30:00Z', '2025-06-10T07:30:00Z'].map((iso) => ({
        estimatedArrivalTime: date(iso),
      })),
    };
    const delay = reported('Delay', {
      actualBusinessTimestamp: date('2025-06-09T00:00:00Z'),
      estimatedArrival,
    });
    expect(read({ d: delay })).toMatchObject([
      {
        value: {
          status: 'estimate',
          category: 'delay',
          at: Date.parse('2025-06-01T08:00:00Z'),
          estimatedAt: Date.parse('2025-06-11T07:30:00Z'),
          expects: 'arrived',
        },
      },
    ]);
  });

  it('is the same event bare and in its directory, and a list of codes belongs to no shipment', () => {
    const [bare] = read({ d: reported('Arrival') });
    const directory = {
      __metadata: { type: 'com.acme.gtt.app.sof.sofService.ProcessEventDirectory' },
      event: reported('Arrival'),
    };
    const code = { __metadata: { type: 'com.acme.gtt.app.sof.sofService.EventStatus' }, code: 'LATE' };
    const [inside, listed] = read({ d: { results: [directory, code] } });
    expect(inside?.type === 'tracking' && inside.value.id).toBe(bare?.type === 'tracking' && bare.value.id);
    expect(listed).toEqual({ type: 'nothing', position: 1, why: 'unrelated' });
  });

  it.each([
    ['type', { eventType: undefined }],
    ['type and name', { eventType: undefined, trackingId: undefined, id: undefined }],
    ['type, with a code of its own', { eventType: undefined, trackingId: undefined, code: 'LATE' }],
  ])('fails an event that has lost its %s', (_, changes) => {
    expect(read({ d: { results: [reported('Arrival', changes)] } })).toMatchObject([
      { type: 'failure', code: 'FW402', reason: 'SAP Arrival: neither event, state nor code' },
    ]);
  });

  it.each([
    ['no time', reported('Arrival', { actualBusinessTimestamp: 'noon', creationDateTime: null })],
    ['no name', reported('Arrival', { trackingId: '' })],
  ])('fails an event with %s', (_, value) => {
    expect(read({ d: { results: [value] } })).toMatchObject([{ type: 'failure', code: 'FW402' }]);
  });
});
