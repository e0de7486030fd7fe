import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { documentOf, repository, settingsWith } from '../decoder-settings.ts';

const samples = `${repository}../shared/samples/`;
const absent = !existsSync(samples);
if (absent) console.warn(`skipped: recorded X12 of others is not at ${samples}`);

/** What a file holds, as one reads it by eye: how many of each record, and of each category. */
interface Expected {
  readonly sets: number;
  readonly records: Readonly<Record<string, number>>;
  readonly categories?: Readonly<Record<string, number>>;
  readonly failures?: readonly RegExp[];
  /** What is odd about its envelope: kind, trailer, what it says and what there is. */
  readonly odd?: readonly string[];
}

const invoice = /^FW405 transaction set 210 \(motor freight invoice\) is not taken$/;
const booking = /^FW405 transaction set 301 \(ocean booking confirmation\) is not taken$/;

const expected: Readonly<Record<string, Expected>> = {
  'x12-214/canadapost_4010_19txn.edi': {
    sets: 19,
    records: { 'tracking x12-214': 19 },
    // AH and three AP, each with AG (it lies with the consignee), and CA with BT: a cancellation leads.
    categories: { consignee_related: 4, cancelled: 1 },
  },
  'x12-214/mgctlyst_4030_delivered.edi': { sets: 1, records: { 'tracking x12-214': 1 }, categories: {} },
  // Three loops, each with two appointments and four statuses; X1 comes each time with AD, a later day by the customer's wish.
  'x12-214/onedisource_4010_multi_lx_appt.edi': {
    sets: 1,
    records: { 'tracking x12-214': 18 },
    categories: { appointment: 6, customer_request: 3 },
    odd: ['wrong_control IEA 000002510 000003438'],
  },
  // Announced, shipped on a day, one order with two lines.
  'x12-other/asn_856_4060.edi': {
    sets: 1,
    records: { 'tracking x12-856': 2, allocation: 1 },
    categories: {},
  },
  'x12-other/mgctlyst_204.edi': { sets: 1, records: { plan: 1 }, odd: ['wrong_count SE 41 38'] },
  'x12-other/mgctlyst_210.edi': { sets: 1, records: { failure: 1 }, failures: [invoice] },
  'x12-other/mgctlyst_990.edi': { sets: 1, records: { 'tracking x12-990': 1 }, categories: {} },
  'x12-other/ocean_310.edi': {
    sets: 1,
    records: { failure: 1 },
    failures: [/^FW405 transaction set 310 \(ocean bill of lading\) is not taken$/],
    odd: ['wrong_count SE 49 46', 'wrong_control GE 61916 61716', 'wrong_control IEA 000061216 000011566'],
  },
  'x12-other/ocean_315.edi': { sets: 1, records: { 'tracking x12-315': 1 }, categories: {} },
  'x12-other/ups_210.edi': {
    sets: 5,
    records: { failure: 5 },
    failures: Array.from({ length: 5 }, () => invoice),
    odd: ['wrong_count SE 46 48'],
  },
  // The only date is the tender's own; no stop says until when.
  'x12-other/x12types_204_0.edi': {
    sets: 1,
    records: { failure: 1 },
    failures: [/^FW412 .*shipment 6XULT02DCM: its last stop says no time/],
    odd: ['no_interchange ISA null null', 'wrong_count SE 37 29'],
  },
  'x12-other/x12types_204_2.edi': {
    sets: 1,
    records: { failure: 1 },
    failures: [/^FW412 .*shipment SUDU33SYD002692X: its last stop says no time/],
  },
  'x12-other/x12types_301_0.edi': {
    sets: 1,
    records: { failure: 1 },
    failures: [booking],
    odd: ['no_interchange ISA null null'],
  },
  'x12-other/x12types_301_2.edi': { sets: 1, records: { failure: 1 }, failures: [booking] },
  'x12-other/x12types_301_4.edi': { sets: 1, records: { failure: 1 }, failures: [booking] },
  'x12-other/x12types_404_0.edi': {
    sets: 1,
    records: { failure: 1 },
    failures: [/^FW405 transaction set 404 \(rail bill of lading\) is not taken$/],
  },
  'x12-other/x12types_856_0.edi': {
    sets: 1,
    records: { 'tracking x12-856': 1 },
    categories: {},
    odd: ['wrong_count SE 4 3'],
  },
  // Two orders; its DTM*011 says "200".
  'x12-other/x12types_856_2.edi': {
    sets: 1,
    records: { 'tracking x12-856': 1, allocation: 2, failure: 1 },
    categories: {},
    failures: [/^FW402 .*DTM 011 .*"200" is no date and time$/],
    odd: ['wrong_count GE 2 1'],
  },
  // Its order has no PRF, so nothing says whose its item is.
  'x12-other/x12types_856_4.edi': {
    sets: 1,
    records: { 'tracking x12-856': 2, failure: 1 },
    categories: {},
    failures: [/^FW402 .*1 items stand below no order/],
    odd: ['wrong_count SE 15 18'],
  },
  'x12-other/x12types_856_6.edi': {
    sets: 1,
    records: { 'tracking x12-856': 1, allocation: 2, failure: 1 },
    categories: {},
    failures: [/^FW402 .*DTM 011 .*"200" is no date and time$/],
    odd: ['wrong_count GE 2 1'],
  },
};

const counted = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const kindOf = (one: Decoded): string =>
  one.type === 'tracking' ? `tracking ${one.value.code?.standard}` : one.type;

describe.skipIf(absent)('recorded X12', () => {
  it('is all in the table', () => {
    const names = ['x12-214', 'x12-other'].flatMap((folder) =>
      readdirSync(samples + folder)
        .filter((name) => !name.includes('.expected.'))
        .map((name) => `${folder}/${name}`),
    );
    expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.entries(expected))(
    '%s holds what one reads in it',
    (name, { sets, records, categories, failures, odd }) => {
      const bytes = readFileSync(samples + name);
      expect(bytes.toString('latin1').match(/(?:^|[~\n\r|])ST\*\d{3}\*/g)).toHaveLength(sets);
      const decoded = decode(
        documentOf(bytes, { documentId: name, heardAt: Date.parse('2030-01-01T00:00:00Z') }),
        settingsWith(),
      );
      expect(
        decoded.flatMap((one) => {
          if (one.type !== 'edi_finding') return [];
          const { kind, segment, said, found } = one.value;
          return [`${kind} ${segment} ${said} ${found}`];
        }),
      ).toEqual(odd ?? []);
      expect(counted(decoded.filter(({ type }) => type !== 'edi_finding').map(kindOf))).toEqual(records);
      expect(decoded.map(({ position }) => position)).toEqual(decoded.map((_, i) => i));
      const said = decoded.flatMap((one) => (one.type === 'tracking' ? [one.value] : []));
      expect(counted(said.flatMap(({ category }) => (category === null ? [] : [category])))).toEqual(
        categories ?? {},
      );
      for (const { status, cause } of said) expect([status, cause]).not.toContain('unmapped');
      const failed = decoded.flatMap((one) => (one.type === 'failure' ? [`${one.code} ${one.reason}`] : []));
      expect(failed).toHaveLength(failures?.length ?? 0);
      failed.forEach((reason, i) => expect(reason).toMatch(failures?.[i] ?? /^$/));
    },
  );
});
