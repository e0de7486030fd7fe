import { describe, expect, it } from 'vitest';
import { takesBack, overrides } from '../../../../domain/event-version.ts';
import type { TrackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded, DecoderSettings } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, HEARD_AT, settingsWith, textOf } from '../decoder-settings.ts';

const read = (value: unknown, settings: Partial<DecoderSettings> = {}): readonly Decoded[] =>
  decode(documentOf(JSON.stringify(value), { contentType: 'application/json' }), settingsWith(settings));

const event = (value: unknown, settings: Partial<DecoderSettings> = {}): TrackingEvent => {
  const [one] = read(value, settings);
  if (one?.type !== 'tracking') throw new Error(`no event: ${JSON.stringify(one)}`);
  return one.value;
};

const old = (changes: object = {}): object => ({
  eventID: 'd4f1c1a0-0000-4000-8000-000000000001',
  eventCreatedDateTime: '2025-06-01T08:00:00Z',
  eventType: 'TRANSPORT',
  eventClassifierCode: 'ACT',
  eventDateTime: '2025-06-01T09:30:00+02:00',
  transportEventTypeCode: 'DEPA',
  documentReferences: [{ documentReferenceType: 'BKG', documentReferenceValue: 'BK-77' }],
  transportCall: { UNLocationCode: 'NLRTM', modeOfTransport: 'VESSEL' },
  ...changes,
});

const published = (classification: object, changes: object = {}): object => ({
  eventID: 'E-1',
  eventDateTime: '2025-06-01T07:30:00Z',
  eventUpdatedDateTime: '2025-06-01T08:00:00Z',
  eventClassification: { eventClassifier: 'ACTUAL', ...classification },
  equipmentDetails: { equipmentReference: 'MSKU1234565' },
  ...changes,
});

describe('an event of Track & Trace 2.x', () => {
  it('has its time, its place, its names and the meaning of its codes', () => {
    const one = event(old({ delayReasonCode: 'STR', changeRemark: 'port on strike' }));
    expect(one).toMatchObject({
      at: Date.parse('2025-06-01T07:30:00Z'),
      status: 'departed',
      cause: 'labour',
      effect: 'delay',
      party: 'force_majeure',
      category: 'labour_dispute',
      code: { standard: 'dcsa', status: 'transport:DEPA', reason: 'STR' },
      zoneSource: 'utc',
      text: 'port on strike',
      identifiers: [{ issuer: 'acme', kind: 'booking', value: 'BK-77' }],
      source: { decoder: 'dcsa/1', mapping: 'dcsa@2' },
    });
    expect(one.place?.unlocode).toBe('NLRTM');
  });

  it('reads a time without offset in the zone of its port, and a date alone as the whole day', () => {
    const partners = { acme: { zone: 'Asia/Singapore' } };
    expect(event(old({ eventDateTime: '2025-06-01T09:30:00' }), { partners })).toMatchObject({
      at: Date.parse('2025-06-01T07:30:00Z'),
      zoneSource: 'stop',
    });
    expect(event(old({ eventDateTime: '2025-06-01' }), { partners })).toMatchObject({
      at: Date.parse('2025-06-01T21:59:59.999Z'),
      precision: 'day',
    });
  });

  it.each(['EST', 'PLN'])(
    'that is %s estimates, was said when it was made, and says what it expects',
    (code) => {
      const eventDateTime = '2025-06-20T10:00:00Z';
      expect(event(old({ eventClassifierCode: code, eventDateTime }))).toMatchObject({
        status: 'estimate',
        category: 'eta_update',
        at: Date.parse('2025-06-01T08:00:00Z'),
        estimatedAt: Date.parse(eventDateTime),
        expects: 'departed',
      });
    },
  );

  it('is taken alone, in an array and in an envelope, always as the same event', () => {
    const [alone] = read(old());
    expect(read([old()])).toEqual([alone]);
    expect(read({ events: [old()] })).toEqual([alone]);
    expect(read({ events: [old(), old({ eventID: 'x' })] })).toHaveLength(2);
  });
});

describe('an operations event', () => {
  const call = (changes: object = {}): object => ({
    eventID: 'OPS-1',
    eventCreatedDateTime: '2025-06-01T08:00:00Z',
    eventType: 'OPERATIONS',
    eventClassifierCode: 'ACT',
    eventDateTime: '2025-06-01T07:30:00Z',
    operationsEventTypeCode: 'ARRI',
    facilityTypeCode: 'BRTH',
    eventLocation: { UNLocationCode: 'NLRTM' },
    transportCall: { vessel: { vesselIMONumber: '9321483' } },
    ...changes,
  });

  it.each([
    ['BRTH', 'ARRI', 'berth', 'begun'],
    ['BRTH', 'DEPA', 'berth', 'ended'],
    ['ANCH', 'ARRI', 'anchorage', 'begun'],
    ['ANCH', 'DEPA', 'anchorage', 'ended'],
  ])('at %s with %s is a step of a port call', (facilityTypeCode, operationsEventTypeCode, place, change) => {
    expect(read(call({ facilityTypeCode, operationsEventTypeCode }))).toMatchObject([
      { type: 'port_call', value: { port: 'NLRTM', vessel: 'imo:9321483', place, change } },
    ]);
  });

  it.each([
    ['planned', { eventClassifierCode: 'PLN' }],
    ['a service', { portCallServiceTypeCode: 'PILO', operationsEventTypeCode: 'STRT' }],
    ['at the pilot boarding place', { facilityTypeCode: 'PBPL' }],
  ])('that is %s and names no shipment belongs to none', (_, changes) => {
    expect(read(call(changes))).toEqual([{ type: 'nothing', position: 0, why: 'unrelated' }]);
  });

  it('that leaves a port out is a missed connection of the shipment that it names', () => {
    const documentReferences = [{ documentReferenceType: 'BKG', documentReferenceValue: 'BK-77' }];
    const omitted = event(
      call({ operationsEventTypeCode: 'OMIT', facilityTypeCode: 'POTE', documentReferences }),
    );
    expect(omitted).toMatchObject({ category: 'missed_connection', effect: 'diverted', party: 'carrier' });
  });

  // DCSA Just in Time Port Call 1.0 to 1.2, portCallServiceTypeCode.
  it.each(['PILO', 'MOOR', 'CRGO', 'TOWG', 'BUNK', 'WSDP', 'LASH', 'SAFE', 'FAST', 'GWAY'])(
    'that begins or ends the service %s says which, and is no trouble of the shipment',
    (service) => {
      const documentReferences = [{ documentReferenceType: 'BKG', documentReferenceValue: 'BK-77' }];
      for (const operationsEventTypeCode of ['STRT', 'CMPL']) {
        const [one] = read(
          call({ operationsEventTypeCode, portCallServiceTypeCode: service, documentReferences }),
        );
        expect(one).toMatchObject({
          type: 'tracking',
          value: {
            status: 'information',
            category: null,
            code: { status: `operations:${operationsEventTypeCode}/${service}` },
          },
        });
      }
    },
  );
});

describe('an event of Track & Trace 3.0', () => {
  it('may use letters or words, with the same meaning', () => {
    const letters = event(
      published({
        eventTypeCode: 'EQUIPMENT',
        eventClassifierCode: 'ACT',
        eventClassifier: undefined,
        equipmentEventTypeCode: 'GTOT',
      }),
    );
    const words = event(published({ eventType: 'EQUIPMENT', equipmentEventType: 'GATED_OUT' }));
    expect([letters.status, words.status]).toEqual(['departed', 'departed']);
    expect(words.identifiers).toEqual([{ issuer: 'acme', kind: 'container', value: 'MSKU1234565' }]);
  });

  it('about an empty container is no progress of the goods', () => {
    const empty = { equipmentDetails: { equipmentReference: 'MSKU1234565', emptyIndicator: 'EMPTY' } };
    expect(event(published({ eventType: 'EQUIPMENT', equipmentEventType: 'GATED_IN' }, empty))).toMatchObject(
      {
        status: 'information',
        code: { status: 'equipment:GATED_IN/EMPTY' },
      },
    );
  });

  it('knows a hold by customs from a hold by anybody', () => {
    const held = (type: string): TrackingEvent =>
      event(
        published(
          { eventType: 'SHIPMENT', shipmentEventType: 'ON_HOLD' },
          { shipmentDetails: { documentReference: { type, reference: 'X1' } } },
        ),
      );
    expect(held('BOOKING').category).toBe('hold_instruction');
    expect(held('CUSTOMS_CLEARANCE')).toMatchObject({ category: 'customs_hold', party: 'authority' });
  });

  it.each([
    ['CEL', -18.5, -18.5],
    ['FAH', -1.3, -18.5],
  ])(
    'of a reefer in %s has the return air in degrees Celsius',
    (temperatureUnit, temperatureValue, expected) => {
      const reeferDetails = {
        temperatureUnit,
        internalSetpointTemperature: temperatureUnit === 'CEL' ? -20 : -4,
        returnAirTemperatureMeasurement: { temperatureValue },
        temperatureProbeMeasurements: [{ measuredTemperatureValue: 5 }],
        alarms: [{ code: 'AL15', description: 'compressor' }],
      };
      const one = event(published({ eventType: 'REEFER', reeferEventType: 'MEASURED' }, { reeferDetails }));
      expect(one.temperatureC).toBeCloseTo(expected, 3);
      expect(one.text).toBe('set to -20 °C; alarm AL15 compressor');
      expect(one.category).toBeNull();
    },
  );

  it('that a door was opened is trouble of security', () => {
    const one = event(published({ eventType: 'IOT', iotEventType: 'DOOR_OPENED' }));
    expect(one).toMatchObject({ category: 'security', cause: 'security' });
  });

  it('is overridden by one of the same id that was updated later, and taken back with all its versions', () => {
    const what = { eventType: 'EQUIPMENT', equipmentEventType: 'LOADED' };
    const first = event(published(what));
    const second = event(published(what, { eventUpdatedDateTime: '2025-06-01T11:00:00Z' }));
    const retraction = event({
      eventID: 'E-1',
      isRetracted: true,
      eventUpdatedDateTime: '2025-06-01T11:30:00Z',
      equipmentDetails: { equipmentReference: 'MSKU1234565' },
    });
    expect(overrides(second.id, first.id)).toBe(true);
    expect(retraction).toMatchObject({ status: 'information', category: null });
    for (const { id } of [first, second]) expect(takesBack(retraction.retracts ?? '', id)).toBe(true);
    expect(event(published(what, { eventID: 'E-2' })).id.startsWith(retraction.retracts ?? '')).toBe(false);
  });
});

describe('what cannot be used', () => {
  it.each([
    ['no names', old({ documentReferences: [] }), 'FW402', 'which shipment'],
    ['no time', old({ eventDateTime: 'soon' }), 'FW402', 'eventDateTime: "soon"'],
    ['no classifier', old({ eventClassifierCode: 'MAYBE' }), 'FW402', 'eventClassifierCode: "MAYBE"'],
    ['no code', old({ transportEventTypeCode: null }), 'FW402', 'transportEventTypeCode'],
    ['a type of its own', old({ eventType: 'LUNCH' }), 'FW402', 'eventType: "LUNCH"'],
    ['the future', old({ eventDateTime: '2025-07-01T00:00:00Z' }), 'FW403', 'more than 10 min'],
    ['a retraction of nobody', { eventID: 'E-1', isRetracted: true }, 'FW402', 'names no shipment'],
  ])('is a failure: %s', (_, value, code, reason) => {
    const [good, bad] = read([old(), value]);
    expect(good?.type).toBe('tracking');
    if (bad?.type !== 'failure') throw new Error('no failure');
    expect(bad).toMatchObject({ code, position: 1 });
    expect(bad.reason).toContain(reason);
    expect(JSON.parse(textOf(bad.bytes))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('is counted as unmapped where only its code is new', () => {
    expect(event(old({ transportEventTypeCode: 'FLEW', delayReasonCode: 'XXX' }))).toMatchObject({
      status: 'unmapped',
      cause: 'unmapped',
    });
  });

  it('has no shipment to tell where it acknowledges, and none where there are no events', () => {
    const settings = { partners: { acme: { format: 'dcsa' as const } } };
    expect(read({ events: [] }, settings)).toEqual([{ type: 'nothing', position: 0, why: 'heartbeat' }]);
    expect(read({ feedbackElements: [] }, settings)).toEqual([
      { type: 'nothing', position: 0, why: 'acknowledgement' },
    ]);
    expect(event(old()).heardAt).toBe(HEARD_AT);
  });
});
