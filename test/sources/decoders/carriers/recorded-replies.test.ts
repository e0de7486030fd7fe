import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { contentTypeOfFile, formatOf } from '../../../../sources/decoders/content-type.ts';
import { documentOf, repository, settingsWith } from '../decoder-settings.ts';

const samples = `${repository}../shared/samples/`;
const absent = !existsSync(`${samples}carrier-api`);
if (absent) console.warn(`skipped: recorded replies of carriers are not at ${samples}carrier-api`);

const heardAt = Date.parse('2030-01-01T00:00:00Z');

/**
 * What is in each file, read by eye: format, statuses in the order of the file in one letter each (below), estimates, and
 * the categories of its scans. `!` is an error of the carrier, `?` a scan that cannot be used, `T` a tracker of test
 * mode, `A` a message that is about no parcel.
 */
const letters: Readonly<Record<string, string>> = {
  information: 'i',
  picked_up: 'p',
  in_transit: 't',
  arrived: 'a',
  departed: 'd',
  out_for_delivery: 'o',
  delivery_attempted: 'x',
  available_for_pickup: 'w',
  delivered: 'D',
  estimate: 'e',
};
const expected: Readonly<Record<string, readonly [format: string, said: string, categories?: string]>> = {
  'as_canadapost_pws_dnc_tracking_details_en.xml': [
    'canada-post',
    'Dwxwtpi',
    'recipient_unavailable missed_delivery available_for_pickup',
  ],
  'as_canadapost_pws_tracking_details_en.xml': ['canada-post', 'DiottDiopi', 'address'],
  'as_canadapost_pws_tracking_details_fr.xml': ['canada-post', 'DiottDiopi', 'address'],
  'as_canadapost_pws_tracking_details_no_expected_delivery_date.xml': ['canada-post', 'i'],
  'as_fedex_tracking_response_bad_tracking_number.xml': ['fedex', '!'],
  'as_fedex_tracking_response_delivered_at_door.xml': ['fedex', 'Doatdadaip'],
  'as_fedex_tracking_response_delivered_at_facility.xml': [
    'fedex',
    'Dwaoaxoixoxoxoaadap',
    'available_for_pickup delivery_variance customer_request recipient_unavailable recipient_unavailable recipient_unavailable',
  ],
  'as_fedex_tracking_response_delivered_with_signature.xml': ['fedex', 'Doaaattdaip'],
  'as_fedex_tracking_response_in_transit.xml': ['fedex', 't'],
  'as_fedex_tracking_response_invalid_tracking_number.xml': ['fedex', '!'],
  'as_fedex_tracking_response_not_found.xml': ['fedex', '!'],
  'as_fedex_tracking_response_unable_to_process.xml': ['fedex', '!'],
  // It repeats no tracking number, so nobody can say which parcel it is about.
  'as_stamps_track_shipment_response.xml': ['stamps', '?'],
  'as_usps_tracking_response.xml': ['usps', 'Doaadtdtpi'],
  // Made by hand: its second scan has neither date nor time.
  'as_usps_tracking_response_alt.xml': ['usps', 'o?'],
  'as_usps_tracking_response_batch.xml': ['usps', 'DoaadtdtpiDi!!'],
  'as_usps_tracking_response_not_available.xml': ['usps', '!'],
  'easypost_creates-a-tracker_0.json': ['easypost', 'T'],
  'easypost_deletes-a-tracker_0.json': ['easypost', 'T'],
  'easypost_retrieves-a-batch-of-trackers_0.json': ['easypost', 'T'],
  'easypost_retrieves-a-batch-of-trackers_1.json': ['easypost', 'T'],
  'easypost_retrieves-a-payload-for-an-event_0.json': ['easypost', 'A'],
  'easypost_retrieves-a-payload-for-an-event_1.json': ['easypost', 'A'],
  'easypost_retrieves-a-payload-for-an-event_2.json': ['easypost', 'A'],
  'easypost_retrieves-a-payload-for-an-event_3.json': ['easypost', '!'],
  'easypost_retrieves-a-tracker_0.json': ['easypost', 'T'],
  'easypost_retrieves-a-tracker_1.json': ['easypost', 'T'],
  'easypost_retrieves-an-event_0.json': ['easypost', 'A'],
  'easypost_retrieves-an-event_1.json': ['easypost', 'A'],
  'shipit_a1_delivered.xml': ['a1', 'Doxoi', 'missed_delivery'],
  'shipit_a1_shipping.xml': ['a1', 'ie', 'eta_update'],
  'shipit_canada_post_delivered.xml': ['canada-post', 'Dotttti'],
  'shipit_canada_post_delivered2.xml': ['canada-post', 'Doadtpi'],
  'shipit_canada_post_departed.xml': ['canada-post', 'dattipe', 'eta_update'],
  'shipit_canada_post_en_route.xml': ['canada-post', 'tipte', 'eta_update'],
  'shipit_canada_post_shipping.xml': ['canada-post', 'i'],
  'shipit_dhl_delivered.xml': ['dhl', 'tatdtdattdoxoD', 'hold_released recipient_unavailable'],
  'shipit_dhl_eta.xml': ['dhl', 'piatde', 'eta_update'],
  'shipit_fedex_delivered.xml': ['fedex', 'Doaaddp'],
  'shipit_lasership_delivered.json': ['lasership', 'Doai'],
  'shipit_lasership_enroute.json': ['lasership', 'pie', 'eta_update'],
  'shipit_lasership_released.json': ['lasership', 'Doaai'],
  'shipit_prestige_delivered.json': ['prestige', 'Dopi'],
  'shipit_ups_2nd_trk_number.xml': ['ups', 'DD'],
  'shipit_ups_delivered.xml': ['ups', 'Di'],
  'shipit_ups_transit.xml': ['ups', 'p'],
  'shipit_usps_delivered.xml': ['usps', 'Doaatdtip'],
  'shipit_usps_out_for_delivery.xml': ['usps', 'oaapie', 'eta_update'],
  'shipit_usps_pre_shipment.xml': ['usps', 'i'],
};

const letterOf = (one: Decoded): string => {
  if (one.type === 'tracking') return letters[one.value.status] ?? one.value.status;
  if (one.type === 'nothing') return one.why === 'test' ? 'T' : 'A';
  return one.type === 'failure' && one.code === 'FW415' ? '!' : '?';
};

const read = (
  path: string,
): { readonly format: string | undefined; readonly decoded: readonly Decoded[] } => {
  const bytes = readFileSync(samples + path);
  const contentType = contentTypeOfFile(path, bytes) ?? '';
  return {
    format: formatOf(contentType, bytes)?.name,
    decoded: decode(documentOf(bytes, { documentId: path, contentType, heardAt }), settingsWith()),
  };
};

describe.skipIf(absent)('recorded replies of carriers', () => {
  it('are all in the table', () => {
    expect(readdirSync(`${samples}carrier-api`).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.entries(expected))('%s', (name, [format, said, categories = '']) => {
    const result = read(`carrier-api/${name}`);
    expect(result.format).toBe(format);
    expect(result.decoded.map(letterOf).join('')).toBe(said);
    expect(result.decoded.map(({ position }) => position)).toEqual(result.decoded.map((_, i) => i));
    const tracked = result.decoded.flatMap((one) => (one.type === 'tracking' ? [one.value] : []));
    expect(tracked.flatMap(({ category }) => category ?? []).join(' ')).toBe(categories);
    for (const event of tracked) {
      expect(event.status, JSON.stringify(event.code)).not.toBe('unmapped');
      expect(event.identifiers[0]?.kind).toBe('tracking');
    }
  });

  it('are the same events in English and in French', () => {
    const ids = (language: string): string[] =>
      read(`carrier-api/as_canadapost_pws_tracking_details_${language}.xml`).decoded.flatMap((one) =>
        one.type === 'tracking' ? [one.value.id] : [],
      );
    expect(ids('fr')).toEqual(ids('en'));
  });

  it('are read in the zone of their place: Hong Kong, Saskatchewan, and Alberta in summer with winter letters', () => {
    const times = (name: string): string[] =>
      read(`carrier-api/${name}`).decoded.flatMap((one) =>
        one.type === 'tracking' ? [`${one.value.code?.status} ${new Date(one.value.at).toISOString()}`] : [],
      );
    expect(times('shipit_dhl_eta.xml')[0]).toBe('PU 2019-01-30T07:12:43.000Z');
    expect(times('shipit_canada_post_departed.xml')[0]).toBe('0410 2016-03-08T16:35:55.000Z');
    expect(times('shipit_canada_post_delivered.xml')[0]).toBe('1496 2015-09-23T17:59:59.000Z');
  });

  it('keep what is said of a day as a day', () => {
    const [delivered] = read('carrier-api/shipit_canada_post_delivered2.xml').decoded;
    expect(delivered).toMatchObject({ value: { status: 'delivered', precision: 'day' } });
    const days = read('carrier-api/shipit_usps_delivered.xml').decoded.flatMap((one) =>
      one.type === 'tracking' && one.value.precision === 'day' ? [one.value.code?.status] : [],
    );
    expect(days).toEqual(['EF', 'MA']);
  });

  it('an event that EasyPost’s webhook sends becomes its scans and the estimate', () => {
    const { format, decoded } = read('webhooks/easypost_event-body.json');
    expect(format).toBe('easypost');
    expect(decoded.map(letterOf).join('')).toBe('iaadttae');
    expect(decoded.at(-1)).toMatchObject({
      value: {
        carrier: 'FEDEX',
        identifiers: [{ issuer: 'FEDEX', kind: 'tracking', value: '1' }],
        at: Date.parse('2024-08-02T19:26:51Z'),
        precision: 'day',
      },
    });
  });
});
