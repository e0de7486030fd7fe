import { describe, expect, it } from 'vitest';
import { inputMapping } from '../../../domain/input-mapping.ts';
import { location } from '../../../domain/location.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import type { DecoderSettings } from '../../../sources/decoders/decoder.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { locationMaster } from '../../../sources/places/location-master.ts';
import { documentOf, settingsWith } from './decoder-settings.ts';

/** A place in Chicago as each format names it, a place of which no format says where it is, and the time `2025-06-01 09:30` there. */
interface Written {
  readonly contentType: string;
  /** As that format writes a place in Chicago: by code, by state, or by the customer's own name. */
  readonly known: string;
  readonly unknown: string;
  /** With an offset of two hours before UTC; left out where the format has no way to write one. */
  readonly offset?: string;
  /** How its times say their zone: with an offset they are UTC already; a field beside them is the event's. */
  readonly says?: TrackingEvent['zoneSource'];
  readonly write: (place: string, offset: string) => string;
  readonly settings?: Partial<DecoderSettings>;
}

const places = locationMaster([
  location.parse({ id: 'CHI-7', latitude: 41.88, longitude: -87.63, unlocode: 'USCHI' }),
]);
const csvMapping = inputMapping.parse({
  name: 'scans',
  version: 1,
  sources: ['acme'],
  tables: [
    {
      records: [
        {
          type: 'tracking',
          fields: {
            shipmentId: 'shipment',
            at: { column: 'when', as: 'time' },
            status: { value: 'arrived' },
            'place.locationId': 'site',
          },
        },
      ],
    },
  ],
});
const x12 = (place: string): string =>
  [
    'ISA*00*          *00*          *02*SAIA           *ZZ*US             *250601*0930*U*00401*000000001*0*P*>',
    'GS*QM*SAIA*US*20250601*0930*1*X*004010',
    'ST*214*0001',
    'B10*123*456*SAIA',
    'LX*1',
    'AT7*X1*NS***20250601*0930',
    place,
    'SE*6*0001',
    'GE*1*1',
    'IEA*1*000000001',
  ]
    .map((segment) => `${segment}~`)
    .join('\n');

const formats: Readonly<Record<string, Written>> = {
  'X12 214': {
    contentType: 'application/edi-x12',
    known: 'MS1*CHICAGO*IL*US',
    unknown: 'MS1*PERTH*WA*AU',
    write: x12,
  },
  'EDIFACT IFTSTA': {
    contentType: 'application/edifact',
    known: 'USCHI',
    unknown: 'AUPER',
    write: (place) =>
      [
        'UNB+UNOC:3+SENDER+US+250601:0930+1',
        'UNH+1+IFTSTA:D:00B:UN',
        'BGM+23+1+9',
        'CNI+1+BOL1',
        'STS+1+21',
        `LOC+14+${place}:139:6`,
        'DTM+334:202506010930:203',
        'UNT+7+1',
        'UNZ+1+1',
      ]
        .map((segment) => `${segment}'`)
        .join('\n'),
  },
  'a carrier’s JSON': {
    contentType: 'application/json',
    known: '"city":"CHICAGO","state":"IL","zip":"60601","country":"US"',
    unknown: '"city":"PERTH","state":"WA","zip":"6000","country":"AU"',
    offset: '+02:00',
    says: 'utc',
    write: (place, offset) =>
      `{"object":"Tracker","id":"trk_1","mode":"production","tracking_code":"EZ1","carrier":"USPS","status":"in_transit","tracking_details":[{"object":"TrackingDetail","message":"Arrived","status":"in_transit","datetime":"2025-06-01T09:30:00${offset}","tracking_location":{"object":"TrackingLocation",${place}}}]}`,
  },
  DCSA: {
    contentType: 'application/json',
    known: 'USCHI',
    unknown: 'AUPER',
    offset: '+02:00',
    says: 'utc',
    write: (place, offset) =>
      JSON.stringify({
        eventID: 'E1',
        eventCreatedDateTime: '2025-06-01T20:00:00Z',
        eventType: 'TRANSPORT',
        eventClassifierCode: 'ACT',
        eventDateTime: `2025-06-01T09:30:00${offset}`,
        transportEventTypeCode: 'ARRI',
        documentReferences: [{ documentReferenceType: 'BKG', documentReferenceValue: 'BK-77' }],
        transportCall: { UNLocationCode: place, modeOfTransport: 'RAIL' },
      }),
  },
  EPCIS: {
    contentType: 'application/json',
    known: 'CHI-7',
    unknown: 'PER-1',
    offset: ',"eventTimeZoneOffset":"+02:00"',
    says: 'event',
    write: (place, offset) =>
      `{"type":"ObjectEvent","eventID":"e1","eventTime":"2025-06-01T09:30:00"${offset},"epcList":["urn:epc:id:sscc:4012345.0000000001"],"action":"OBSERVE","bizStep":"arriving","readPoint":{"id":"${place}"}}`,
  },
  'ONE Record': {
    contentType: 'application/ld+json',
    known: 'ORD',
    unknown: 'PERTH',
    offset: '+02:00',
    says: 'utc',
    write: (place, offset) =>
      JSON.stringify({
        '@type': 'LogisticsEvent',
        '@id': 'https://one.example/e1',
        eventCode: 'ARR',
        eventDate: `2025-06-01T09:30:00${offset}`,
        eventTimeType: 'ACTUAL',
        eventFor: {
          '@id': 'https://one.example/shipments/S1',
          waybillPrefix: '057',
          waybillNumber: '12345675',
        },
        eventLocation: { '@type': 'Location', locationCodes: [{ code: place }] },
      }),
  },
  'Cargo-IMP': {
    contentType: 'text/plain',
    known: 'ORD',
    unknown: 'XXX',
    write: (place) => `FSU/12\n057-12345675CDG${place}/T10K500\nRCF/AF0010/01JUN0930/${place}/T10K500\n`,
  },
  'a CSV file': {
    contentType: 'text/csv',
    known: 'CHI-7',
    unknown: 'PER-1',
    offset: '+02:00',
    says: 'utc',
    write: (place, offset) => `shipment,when,site\nS1,2025-06-01T09:30:00${offset},${place}\n`,
    settings: { inputs: new Map([['acme', csvMapping]]) },
  },
};

const timed = (
  { contentType, write, settings }: Written,
  place: string,
  zone?: string,
  offset = '',
): readonly [string, string] => {
  const decoded = decode(
    documentOf(write(place, offset), { contentType }),
    settingsWith({
      places,
      defaultZone: 'America/Phoenix',
      partners: zone === undefined ? {} : { acme: { zone } },
      ...settings,
    }),
  );
  const [one] = decoded.filter(({ type }) => type === 'tracking' || type === 'failure');
  if (one?.type !== 'tracking') throw new Error(JSON.stringify(decoded));
  return [new Date(one.value.at).toISOString(), one.value.zoneSource];
};

describe.each(Object.entries(formats))('a time without zone of %s', (_, format) => {
  it('is that of its stop, whatever the partner’s is', () => {
    expect(timed(format, format.known, 'Asia/Tokyo')).toEqual(['2025-06-01T14:30:00.000Z', 'stop']);
  });

  it('is the partner’s where nobody knows the stop, and the default where it has none', () => {
    expect(timed(format, format.unknown, 'Asia/Tokyo')).toEqual(['2025-06-01T00:30:00.000Z', 'partner']);
    expect(timed(format, format.unknown)).toEqual(['2025-06-01T16:30:00.000Z', 'default']);
  });

  it.skipIf(format.offset === undefined)('is its own where it says one', () => {
    expect(timed(format, format.known, 'Asia/Tokyo', format.offset)).toEqual([
      '2025-06-01T07:30:00.000Z',
      format.says,
    ]);
  });
});
