import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, settingsWith, textOf } from '../decoder-settings.ts';

const settings = settingsWith();
const heardAt = Date.parse('2025-06-02T12:00:00Z');
const read = (content: unknown, changes: Parameters<typeof settingsWith>[0] = {}): readonly Decoded[] => {
  const isXml = typeof content === 'string';
  const bytes = isXml ? content : JSON.stringify(content);
  const contentType = isXml ? 'application/xml' : 'application/json';
  return decode(documentOf(bytes, { contentType, heardAt }), settingsWith(changes));
};
/** `status code/reason category at zone` of every record. */
const lines = (decoded: readonly Decoded[]): string[] =>
  decoded.map((one) => {
    if (one.type === 'failure') return `${one.code} ${one.reason}`;
    if (one.type !== 'tracking') return one.type === 'nothing' ? one.why : one.type;
    const { status, code, category, at, precision, zoneSource, estimatedAt } = one.value;
    const when = new Date(estimatedAt ?? at).toISOString().slice(0, 16);
    return `${status} ${code?.status ?? ''}/${code?.reason ?? ''} ${category ?? '-'} ${when} ${precision} ${zoneSource}`;
  });

const aftershipTracking = {
  id: 'a1',
  tracking_number: '1234567890',
  slug: 'dhl-express',
  order_id: 'ORDER-7',
  updated_at: '2025-06-02T10:00:00+00:00',
  expected_delivery: '2025-06-04',
  destination_state: 'TX',
  destination_country_iso3: 'USA',
  checkpoints: [
    {
      slug: 'dhl-express',
      tag: 'InTransit',
      subtag: 'InTransit_007',
      message: 'Left',
      city: 'Leipzig',
      country_iso3: 'DEU',
      checkpoint_time: '2025-06-01T02:00:00+02:00',
    },
    {
      tag: 'Exception',
      subtag: 'Exception_017',
      message: 'Storm',
      state: 'KY',
      country_iso3: 'USA',
      checkpoint_time: '2025-06-01T22:00:00',
    },
    { tag: 'Exception', subtag: 'Exception_099', checkpoint_time: '2025-06-02T01:00:00Z' },
  ],
};

describe('AfterShip', () => {
  const said = [
    'departed InTransit_007/ - 2025-06-01T00:00 instant utc',
    'in_transit Exception_017/ weather 2025-06-02T02:00 instant stop',
    'information Exception/Exception_099 unclassified 2025-06-02T01:00 instant utc',
    'estimate / eta_update 2025-06-05T04:59 day stop',
  ];
  it.each([
    ['its webhook', { event: 'tracking_update', event_id: 'e', ts: 1, msg: aftershipTracking }],
    ['a tracking of its API', { meta: { code: 200 }, data: { tracking: aftershipTracking } }],
    ['a list of its API', { meta: { code: 200 }, data: { trackings: [aftershipTracking] } }],
    ['the newer API', { meta: { code: 200 }, data: aftershipTracking }],
  ])('%s', (_, document) => {
    const decoded = read(document);
    expect(lines(decoded)).toEqual(said);
    expect(decoded[0]).toMatchObject({
      value: {
        carrier: 'DHL',
        identifiers: [
          { issuer: 'DHL', kind: 'tracking', value: '1234567890' },
          { issuer: 'DHL', kind: 'shipper_reference', value: 'ORDER-7' },
        ],
        source: { decoder: 'aftership/1', mapping: 'aftership@1' },
      },
    });
  });

  it('a subtag that is not mapped is counted, while its tag speaks', () => {
    const [, , third] = read({ msg: aftershipTracking });
    expect(third).toMatchObject({ value: { status: 'information', cause: 'unmapped' } });
  });

  it('says what the API says of an unknown number', () => {
    const meta = { code: 4004, message: 'Tracking does not exist.', type: 'NotFound' };
    expect(lines(read({ meta, data: {} }))).toEqual([
      'FW415 AFTERSHIP answers with an error: 4004: Tracking does not exist.',
    ]);
  });
});

describe('ShipEngine', () => {
  const data = {
    tracking_number: '1Z932R800392060079',
    carrier_code: 'stamps_com',
    status_code: 'DE',
    estimated_delivery_date: '2025-06-03T00:00:00Z',
    events: [
      {
        occurred_at: '2025-06-02T09:15:00Z',
        city_locality: 'AUSTIN',
        state_province: 'TX',
        event_code: 'X',
        status_code: 'EX',
        status_detail_code: 'HELD_BY_CUSTOMS',
        latitude: 30.27,
        longitude: -97.74,
      },
      { occurred_at: '2025-06-01T09:15:00', state_province: 'TX', country_code: 'US', status_code: 'IT' },
    ],
  };
  it.each([
    ['its webhook', { resource_url: 'https://api.example/v1/tracking', resource_type: 'API_TRACK', data }],
    ['its reply', data],
  ])('%s', (_, document) => {
    const decoded = read(document);
    expect(lines(decoded)).toEqual([
      'held HELD_BY_CUSTOMS/ customs_hold 2025-06-02T09:15 instant utc',
      'in_transit IT/ - 2025-06-01T14:15 instant stop',
      'estimate / eta_update 2025-06-04T03:59 day default',
    ]);
    expect(decoded[0]).toMatchObject({
      value: { carrier: 'USPS', place: { latitude: 30.27, city: 'AUSTIN' } },
    });
  });
});

describe('Shippo', () => {
  const data = {
    carrier: 'usps',
    tracking_number: '9205590164917312751089',
    eta: '2025-06-04T00:00:00Z',
    tracking_status: { status: 'TRANSIT', status_date: '2025-06-02T08:00:00Z' },
    tracking_history: [
      {
        status: 'TRANSIT',
        status_details: 'Held',
        status_date: '2025-06-02T08:00:00Z',
        substatus: { code: 'package_held', text: 'held', action_required: true },
        location: { city: 'Memphis', state: 'TN', country: 'US', zip: '38118' },
      },
      { status: 'PRE_TRANSIT', status_date: '2025-06-01T08:00:00Z', substatus: null },
    ],
  };
  it('its webhook, and its reply', () => {
    const said = [
      'held package_held/ hold_instruction 2025-06-02T08:00 instant utc',
      'information PRE_TRANSIT/ - 2025-06-01T08:00 instant utc',
      'estimate / eta_update 2025-06-05T03:59 day default',
    ];
    expect(lines(read({ event: 'track_updated', test: false, data }))).toEqual(said);
    expect(lines(read(data))).toEqual(said);
  });
  it('without history the last status speaks, and a test is none', () => {
    expect(lines(read({ ...data, tracking_history: [], eta: null }))).toEqual([
      'in_transit TRANSIT/ - 2025-06-02T08:00 instant utc',
    ]);
    expect(lines(read({ event: 'track_updated', data: { ...data, test: true } }))).toEqual(['test']);
  });
});

describe('FedEx REST', () => {
  const result = (more: object) => ({
    transactionId: 't',
    output: {
      completeTrackResults: [
        {
          trackingNumber: '794843185271',
          trackResults: [{ trackingNumberInfo: { trackingNumber: '794843185271' }, ...more }],
        },
      ],
    },
  });
  it('reads scans with their reasons, and the end of the estimated window', () => {
    const document = result({
      scanEvents: [
        {
          date: '2025-06-02T05:01:00-07:00',
          eventType: 'DE',
          exceptionCode: '08',
          exceptionDescription: 'Recipient not in',
          scanLocation: { city: 'SEATTLE', stateOrProvinceCode: 'WA', countryCode: 'US' },
        },
      ],
      estimatedDeliveryTimeWindow: { window: { ends: '2025-06-03T20:00:00-07:00' } },
    });
    expect(lines(read(document))).toEqual([
      'delivery_attempted DE/08 recipient_unavailable 2025-06-02T12:01 instant utc',
      'estimate / eta_update 2025-06-04T03:00 instant utc',
    ]);
  });
  it('says what it could not find', () => {
    const error = { code: 'TRACKING.TRACKINGNUMBER.NOTFOUND', message: 'Tracking number cannot be found.' };
    const said = [
      'FW415 FEDEX answers with an error: TRACKING.TRACKINGNUMBER.NOTFOUND: Tracking number cannot be found.',
    ];
    expect(lines(read(result({ error })))).toEqual(said);
    expect(lines(read({ transactionId: 't', errors: [error] }))).toEqual(said);
  });
});

describe('UPS REST', () => {
  it('reads GMT before local time, and the type where the activity is not mapped', () => {
    const address = { city: 'ATLANTA', stateProvince: 'GA', countryCode: 'US' };
    const document = {
      trackResponse: {
        shipment: [
          {
            inquiryNumber: '1Z5338FF0107231059',
            package: [
              {
                trackingNumber: '1Z5338FF0107231059',
                deliveryDate: [{ type: 'SDD', date: '20250604' }],
                activity: [
                  {
                    location: { address },
                    status: { type: 'I', code: 'DP', description: 'Departed' },
                    date: '20250602',
                    time: '062800',
                    gmtDate: '20250602',
                    gmtTime: '10:28:00',
                    gmtOffset: '-04:00',
                  },
                  {
                    location: { address },
                    status: { type: 'X', code: 'Q7' },
                    date: '20250601',
                    time: '200000',
                  },
                  {
                    location: { address },
                    status: { type: 'P' },
                    date: '20250601',
                    time: '200000',
                    gmtOffset: '+02:00',
                  },
                ],
              },
            ],
          },
        ],
      },
    };
    const decoded = read(document);
    expect(lines(decoded)).toEqual([
      'departed DP/ - 2025-06-02T10:28 instant utc',
      'in_transit X/Q7 delay 2025-06-02T00:00 instant stop',
      'picked_up P/ - 2025-06-01T18:00 instant event',
      'estimate / eta_update 2025-06-05T03:59 day default',
    ]);
    expect(decoded[1]).toMatchObject({ value: { cause: 'unmapped' } });
  });
  it('reads the alert of one activity, and its errors', () => {
    const alert = {
      trackingNumber: '1Z5338FF0107231059',
      localActivityDate: '20250601',
      localActivityTime: '140000',
      activityLocation: { city: 'ATLANTA', stateProvince: 'GA', country: 'US' },
      activityStatus: { type: 'D', code: 'FS', description: 'DELIVERED' },
      scheduledDeliveryDate: '20250601',
    };
    expect(lines(read(alert))).toEqual(['delivered FS/ - 2025-06-01T18:00 instant stop']);
    expect(
      lines(read({ response: { errors: [{ code: '151018', message: 'Invalid Tracking Number' }] } })),
    ).toEqual(['FW415 UPS answers with an error: 151018: Invalid Tracking Number']);
  });
});

describe('USPS, DHL and SOAP', () => {
  it('USPS REST reads its GMT', () => {
    const document = {
      trackingNumber: '9400110200828077631698',
      trackingEvents: [
        {
          eventType: 'Refused',
          eventCode: '04',
          GMTTimestamp: '2025-06-01T15:00:00',
          eventTimestamp: '2025-06-01T10:00:00',
          eventState: 'IL',
        },
      ],
    };
    expect(lines(read(document))).toEqual(['delivery_attempted 04/ refused 2025-06-01T15:00 instant utc']);
  });
  it('DHL Unified reads scans or the status alone, and its problem where the format is set', () => {
    const shipment = {
      id: '00340434161094042557',
      service: 'express',
      status: { timestamp: '2025-06-01T10:00:00', statusCode: 'transit', description: 'on its way' },
      estimatedTimeOfDelivery: '2025-06-03T00:00:00Z',
    };
    expect(lines(read({ shipments: [shipment] }, { partners: { acme: { zone: 'Europe/Berlin' } } }))).toEqual(
      [
        'in_transit transit/ - 2025-06-01T08:00 instant partner',
        'estimate / eta_update 2025-06-03T00:00 instant utc',
      ],
    );
    const problem = {
      title: 'No result found',
      status: 404,
      detail: 'No shipment with given tracking number found.',
    };
    expect(lines(read(problem, { partners: { acme: { format: 'dhl' } } }))).toEqual([
      'FW415 DHL answers with an error: 404: No shipment with given tracking number found.',
    ]);
  });
  it('a FedEx reply within its SOAP envelope is the reply', () => {
    const reply =
      '<TrackReply xmlns="http://fedex.com/ws/track/v18"><CompletedTrackDetails><TrackDetails><TrackingNumber>7</TrackingNumber>' +
      '<StatusDetail><Code>OD</Code><CreationTime>2025-06-01T00:00:00</CreationTime></StatusDetail></TrackDetails></CompletedTrackDetails></TrackReply>';
    const envelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${reply}</s:Body></s:Envelope>`;
    const said = ['out_for_delivery OD/ - 2025-06-02T03:59 day default'];
    expect(lines(read(reply))).toEqual(said);
    expect(lines(read(envelope))).toEqual(said);
  });
});

describe('what cannot be used', () => {
  const scan = (code: string, date: string): string =>
    `<TrackDetail><EventCode>${code}</EventCode><EventDate>${date}</EventDate><EventTime>8:00 am</EventTime><EventState>IL</EventState></TrackDetail>`;
  it('a bad scan fails alone with its own bytes, and the others become events', () => {
    const good = scan('OF', 'June 1, 2025');
    const bad = scan('07', 'June 31, 2025');
    const late = scan('01', 'June 9, 2025');
    const decoded = read(
      `<TrackResponse><TrackInfo ID="9400">${good}${bad}${late}</TrackInfo></TrackResponse>`,
    );
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'failure']);
    expect(decoded.map((one) => (one.type === 'failure' ? one.code : ''))).toEqual(['', 'FW402', 'FW403']);
    const [, second, third] = decoded;
    expect(second?.type === 'failure' && textOf(second.bytes)).toBe(bad);
    expect(third?.type === 'failure' && textOf(third.bytes)).toBe(late);
  });
  it('a code that nobody mapped is kept as it came', () => {
    const decoded = read(
      `<TrackResponse><TrackInfo ID="9400">${scan('Q9', 'June 1, 2025')}</TrackInfo></TrackResponse>`,
    );
    expect(decoded).toMatchObject([
      { value: { status: 'unmapped', code: { standard: 'usps', status: 'Q9', reason: null } } },
    ]);
  });
  it('XML with a declaration, and broken JSON of a source whose format is set, are one failure', () => {
    expect(lines(read('<!DOCTYPE x><TrackReply/>', { partners: { acme: { format: 'fedex' } } }))).toEqual([
      'FW401 XML with a document type declaration is not read',
    ]);
    const broken = decode(
      documentOf('{"object":"Tracker"', { contentType: 'application/json' }),
      settingsWith({ partners: { acme: { format: 'easypost' } } }),
    );
    expect(lines(broken)[0]).toMatch(/^FW401 not JSON/);
  });
  it('a reply that says nothing yet is a heartbeat', () => {
    expect(lines(read('<tracking-detail><pin>1</pin><significant-events/></tracking-detail>'))).toEqual([
      'heartbeat',
    ]);
  });
  it('the same scan heard twice has one id, and the issuer is the configured carrier', () => {
    const xml = `<TrackResponse><TrackInfo ID="9400">${scan('OF', 'June 1, 2025')}</TrackInfo></TrackResponse>`;
    const ids = (partners: typeof settings.partners): unknown[] =>
      read(xml, { partners }).map((one) =>
        one.type === 'tracking' ? [one.value.id, one.value.carrier] : one,
      );
    expect(ids({})).toEqual(ids({ other: { scac: 'X' } }));
    expect(ids({ acme: { scac: 'USPC' } })).toMatchObject([
      [expect.not.stringMatching(String(ids({}))), 'USPC'],
    ]);
  });
});
