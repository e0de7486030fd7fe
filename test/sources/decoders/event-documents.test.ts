import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { codeMappingFile } from '../../../domain/code-mapping.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { contentTypeOfFile, formatOf } from '../../../sources/decoders/content-type.ts';
import type { Decoded } from '../../../sources/decoders/decoder.ts';
import { documentOf, mappings, repository, settingsWith } from './decoder-settings.ts';

const samples = `${repository}../shared/samples/`;
const reference = `${repository}../shared/reference/status-and-reason-codes.tsv`;
const absent = !existsSync(samples) || !existsSync(reference);
if (absent)
  console.warn(`skipped: recorded documents of DCSA, EPCIS, ONE Record and SAP are not at ${samples}`);

const shown = (one: Decoded): string => {
  if (one.type === 'nothing') return one.why;
  if (one.type !== 'tracking') return `${one.type}${one.type === 'failure' ? ` ${one.code}` : ''}`;
  if (one.value.retracts !== null) return 'retraction';
  const { status, category, temperatureC } = one.value;
  return [status, category, temperatureC === null ? null : `${temperatureC} C`].filter(Boolean).join(' ');
};

/** Read by eye: what each record of each file is. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'dcsa/tnt-220-response.json': [
    'arrived weather',
    'information',
    'estimate eta_update',
    'arrived weather',
    'information',
    'estimate eta_update',
    'information',
  ],
  'dcsa/tnt-300-request-equipment.json': ['in_transit'],
  'dcsa/tnt-300-request-shipment.json': ['information'],
  'dcsa/tnt-300-request-transport.json': ['arrived'],
  // The third is the gate-in of an empty container, which is no arrival of goods.
  'dcsa/tnt-300-response.json': [
    'information',
    'departed',
    'information',
    'information',
    'information -19.8 C',
  ],
  'epcis/doc_AggregationEvent.json': ['arrived'],
  'epcis/doc_AggregationEvent_all_possible_fields.json': ['retraction'],
  'epcis/doc_AggregationEvent_with_digitalLink.json': ['arrived'],
  'epcis/doc_AggregationEvent_with_userExtensions.json': ['arrived'],
  'epcis/doc_AssociationEvent.json': ['information', 'information'],
  'epcis/doc_AssociationEvent_2.json': ['information'],
  'epcis/doc_AssociationEvent_all_possible_fields.json': ['information 26 C'],
  'epcis/doc_AssociationEvent_with_userExtensions.json': ['information'],
  'epcis/doc_ObjectEvent.json': ['departed', 'arrived'],
  'epcis/doc_ObjectEvent_all_possible_fields.json': ['retraction'],
  'epcis/doc_ObjectEvent_with_comment.json': ['departed', 'arrived'],
  // Single items (SGTIN) without order or logistic unit belong to no shipment.
  'epcis/doc_ObjectEvent_with_custom_bizStep_uri.json': ['unrelated'],
  'epcis/doc_ObjectEvent_with_digitalLink.json': ['unrelated'],
  'epcis/doc_ObjectEvent_with_userExtensions.json': ['departed', 'unrelated'],
  'epcis/doc_SensorData_and_extension.json': ['unrelated'],
  'epcis/doc_SensorData_with_combined_events.json': [
    ...Array.from({ length: 7 }, () => 'unrelated'),
    'information 13.8 C',
    'unrelated',
    'unrelated',
    'information damage',
    'unrelated',
    'information',
  ],
  'epcis/doc_TransactionEvent.json': ['unrelated', 'in_transit'],
  'epcis/doc_TransactionEvent_all_possible_fields.json': ['retraction'],
  'epcis/doc_TransactionEvent_with_userExtensions.json': ['information damage'],
  'epcis/doc_TransformationEvent.json': ['unrelated'],
  'epcis/doc_TransformationEvent_all_possible_fields.json': ['retraction'],
  'epcis/doc_TransformationEvent_with_digitalLink.json': ['unrelated'],
  'epcis/doc_TransformationEvent_with_userExtensions.json': ['unrelated'],
  'epcis/doc_epcisDocWithAllGS1Keys.json': ['information'],
  'epcis/doc_epcisDocWithSensorComponent.json': ['information'],
  'iata-onerecord/LogisticsEvent.json': ['departed'],
  'iata-onerecord/LogisticsEvents_filtered_list.json': ['departed'],
  'iata-onerecord/LogisticsEvents_list.json': ['departed', 'information'],
  // Tracked processes whose state is DELAYED or OVERDUE, then reported events, then a list of codes.
  'sap-gtt/delay-deliveries-delivery-item-with-salesOrderItem.json': ['information delay'],
  'sap-gtt/delay-deliveries-delivery-item.json': ['information delay'],
  'sap-gtt/delay-deliveries-delivery.json': ['information delay'],
  'sap-gtt/delay-deliveries.json': ['information delay'],
  'sap-gtt/delay-shipment.json': ['information delay'],
  'sap-gtt/delay-single-delivery.json': ['information delay'],
  'sap-gtt/delay-event-processes-delivery-item.json': ['information delay'],
  'sap-gtt/delay-event-processes-delivery.json': ['information delay'],
  'sap-gtt/delay-event-processes-shipment.json': ['information delay'],
  'sap-gtt/delay-route.json': ['estimate delay'],
  'sap-gtt/event-status.json': Array.from({ length: 6 }, () => 'unrelated'),
  'sap-gtt/execution-flow-arrival-event.json': ['arrived', 'arrived', 'arrived', 'arrived'],
  'sap-gtt/execution-flow-departure-event.json': ['departed', 'departed'],
  'sap-gtt/execution-flow-event-history.json': ['arrived', 'arrived'],
};

const formatsOf: Readonly<Record<string, string>> = {
  dcsa: 'dcsa',
  epcis: 'epcis',
  'iata-onerecord': 'one-record',
  'sap-gtt': 'sap-gtt',
};

const decoded = (file: string): readonly Decoded[] => {
  const bytes = readFileSync(samples + file);
  const contentType = contentTypeOfFile(file, bytes) ?? '';
  expect(formatOf(contentType, bytes)?.name).toBe(formatsOf[file.split('/', 1)[0]!]);
  const heardAt = Date.parse('2030-01-01T00:00:00Z');
  return decode(documentOf(bytes, { documentId: file, contentType, heardAt }), settingsWith());
};

describe.skipIf(absent)('recorded documents', () => {
  it('are all in the table', () => {
    const files = Object.keys(formatsOf).flatMap((folder) =>
      readdirSync(samples + folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => `${folder}/${name}`),
    );
    expect(files.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.keys(expected))('%s tells what it was read to tell', (file) => {
    expect(decoded(file).map(shown)).toEqual(expected[file]);
  });

  it('are duplicates where one file repeats an event of another', () => {
    const ids = (file: string): string[] =>
      decoded(file).flatMap((one) => (one.type === 'tracking' ? [one.value.id] : []));
    const arrivals = ids('sap-gtt/execution-flow-arrival-event.json');
    expect(arrivals).toEqual(expect.arrayContaining(ids('sap-gtt/execution-flow-event-history.json')));
    expect(ids('iata-onerecord/LogisticsEvents_list.json')).toContain(
      ids('iata-onerecord/LogisticsEvents_filtered_list.json')[0],
    );
  });
});

/** Lists of ours for each standard of the reference, and how its codes are written there. */
const listsOf: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/^SMDG-delay/, 'dcsa', ['delay']],
  [/^DCSA-shipmentEventType/, 'dcsa', ['shipment']],
  [/^DCSA-equipmentEventType/, 'dcsa', ['equipment']],
  [/^DCSA-operationsEventType/, 'dcsa', ['operations']],
  [/^DCSA-T&T3 IoT/, 'dcsa', ['iot', 'reefer']],
  [/^GS1-CBV disposition/, 'epcis', ['disposition']],
  [/^GS1-CBV error/, 'epcis', ['error']],
  [/^GS1 sensor/, 'epcis', ['sensor']],
  [/^IATA-FSU/, 'iata-fsu', ['status']],
];
/** Ordinary ones have no category of ours. A reading is judged against the plan; a retraction withdraws and raises nothing. */
const ordinary: ReadonlySet<string> = new Set(['progress', 'normal', 'constraint']);
const otherwise: Readonly<Record<string, string | null>> = {
  MEAS: null,
  did_not_occur: null,
  incorrect_data: null,
};

describe.skipIf(absent)('the mappings', () => {
  const find = (standard: string, lists: readonly string[], code: string) =>
    lists
      .map((list) => mappings.find({ standard, partner: null, list, agency: null, code }))
      .find((row) => row !== null) ?? null;

  it('have every code of the reference, in its category', () => {
    const rows = readFileSync(reference, 'utf8').trim().split('\n').slice(1);
    let seen = 0;
    const differing = rows.flatMap((line) => {
      const [name = '', code = '', , category = ''] = line.split('\t');
      const known = listsOf.find(([pattern]) => pattern.test(name));
      if (known === undefined) return [];
      seen += 1;
      const row = find(known[1], known[2], code);
      const wanted = code in otherwise ? otherwise[code] : ordinary.has(category) ? null : category;
      if (row === null) return [`${name} ${code} is not mapped`];
      return row.category === wanted ? [] : [`${name} ${code}: ${row.category} instead of ${wanted}`];
    });
    expect(differing).toEqual([]);
    expect(seen).toBe(47 + 7 + 5 + 2 + 4 + 15 + 2 + 2 + 14);
  });

  it.each([
    ['dcsa_shipmenteventtypecodes.csv', 'shipment', 17],
    ['dcsa_transporteventtypecodes.csv', 'transport', 2],
    ['dcsa_equipmenteventtypecodes.csv', 'equipment', 17],
    ['dcsa_operationseventtypecodes.csv', 'operations', 6],
    ['smdg_delay_reason_codes_2021.csv', 'delay', 47],
  ])('have every code of %s', (file, list, count) => {
    const codes = readFileSync(`${samples}codelists/${file}`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => /^([A-Z]{3,4}),/.exec(line)?.[1] ?? []);
    expect(codes).toHaveLength(count);
    expect(codes.filter((code) => find('dcsa', [list], code) === null)).toEqual([]);
  });

  it('have every word that DCSA 3.0 lists for its event types', () => {
    const text = readFileSync(`${samples}dcsa/tnt-v3.0.0-openapi.yaml`, 'utf8');
    for (const [field, list, count] of [
      ['shipmentEventType', 'shipment', 35],
      ['transportEventType', 'transport', 3],
      ['equipmentEventType', 'equipment', 17],
      ['iotEventType', 'iot', 10],
      ['reeferEventType', 'reefer', 2],
    ] as const) {
      const block = text.slice(text.indexOf(`        ${field}:\n`));
      const words = [...block.slice(0, block.indexOf('example:')).matchAll(/- `([A-Z_]+)`/g)].map(
        (match) => match[1]!,
      );
      expect([field, words.length]).toEqual([field, count]);
      expect(words.filter((word) => find('dcsa', [list], word) === null)).toEqual([]);
    }
  });
});

it('says a cause for everything that is trouble', () => {
  const silent = ['dcsa', 'epcis', 'iata-fsu', 'sap-gtt'].flatMap((standard) => {
    const { lists } = codeMappingFile.parse(
      parse(readFileSync(`${repository}rules/mappings/${standard}.yaml`, 'utf8')),
    );
    return Object.entries(lists).flatMap(([list, { codes }]) =>
      Object.entries(codes).flatMap(([code, { category, cause, party, effect }]) => {
        if (category === null) {
          return cause === 'none' && effect === 'none' && party === 'none'
            ? []
            : [`${list} ${code} has no category`];
        }
        return cause !== 'none' || category === 'hold_released' ? [] : [`${list} ${code} has no cause`];
      }),
    );
  });
  expect(silent).toEqual([]);
});
