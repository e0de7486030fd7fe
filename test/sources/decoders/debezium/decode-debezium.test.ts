import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { mutated, RUNS } from '../mapped/mutated-bytes.ts';
import { documentOf, HEARD_AT, inputs, settingsWith, textOf } from '../decoder-settings.ts';

const TS = HEARD_AT - 60_000;
const shipment = {
  id: 'S1',
  customer_id: 'acme',
  carrier: 'SAIA',
  service: 'STD',
  mode: 'LTL',
  lane: 'CHI-NYC',
  origin: 'CHI',
  destination: 'NYC',
  pickup_at: '2025-06-02 08:00',
  promised_at: '2025-06-04T17:00:00-04:00',
  appointment_from: null,
  appointment_to: null,
  value: '1200.50',
  status: 'PLANNED',
  reason_code: null,
  updated_by: 'dana',
  updated_at: '2025-06-02T06:59:00',
};
type Fields = Readonly<Record<string, unknown>>;
const event = (op: string, before: Fields | null, after: Fields | null, table = 'shipments'): Fields => ({
  before,
  after,
  op,
  ts_ms: TS + 500,
  source: { connector: 'postgresql', db: 'tms', schema: 'public', table, ts_ms: TS },
});
const read = (
  content: unknown,
  contentType = 'application/json',
  source = 'example-tms',
  set: readonly string[] = ['lines'],
): readonly Decoded[] =>
  decode(
    documentOf(typeof content === 'string' ? content : JSON.stringify(content), { source, contentType }),
    settingsWith({
      inputs,
      partners: Object.fromEntries(set.map((one) => [one, { format: 'debezium' as const }])),
    }),
  );
const said = (decoded: readonly Decoded[]): string[] =>
  decoded.map((one) => {
    if (one.type === 'nothing') return `nothing: ${one.why}`;
    if (one.type === 'failure') return `${one.code} ${one.reason}`;
    return one.type === 'tms_change' || one.type === 'outcome_report'
      ? `${one.type} ${one.value.what}`
      : one.type;
  });
const changed = (change: Fields): readonly Decoded[] =>
  read(event('u', shipment, { ...shipment, ...change }));

describe('a change feed', () => {
  it('makes plans of rows that are read, created and changed, with a schema around them or not', () => {
    for (const one of [
      event('r', null, shipment),
      event('c', null, shipment),
      { schema: {}, payload: event('c', null, shipment) },
    ]) {
      const decoded = read(one);
      expect(said(decoded)).toEqual(['plan']);
      expect(decoded[0]).toMatchObject({
        value: {
          shipmentId: 'S1',
          at: TS,
          service: 'standard',
          valueMinor: 120_050,
          currency: 'USD',
          appointment: null,
          cancelled: false,
          promisedAt: Date.parse('2025-06-04T21:00:00Z'),
          legs: [{ mode: 'ltl', departAt: Date.parse('2025-06-02T13:00:00Z') }],
          identifiers: [{ kind: 'tms', value: 'S1' }],
          source: { decoder: 'debezium/1', mapping: 'example-tms@1' },
        },
      });
    }
  });

  it.each([
    ['another carrier', { carrier: 'ODFL' }, 'rebooked'],
    ['a faster service', { service: 'EXP' }, 'expedited'],
    ['another destination', { destination: 'BOS' }, 'rerouted'],
    [
      'an appointment',
      { appointment_from: '2025-06-04 10:00', appointment_to: '2025-06-04 11:00' },
      'appointment_moved',
    ],
    ['a hold', { status: 'ON_HOLD' }, 'held'],
    ['a reason', { reason_code: 'WX' }, 'reason_set'],
  ])('tells what a person did by what differs: %s', (_, change, what) => {
    expect(said(changed(change))).toEqual(['plan', `tms_change ${what}`]);
  });

  it('names who, when, the field and its values', () => {
    expect(changed({ carrier: 'ODFL', reason_code: 'CAP' })[1]).toMatchObject({
      value: {
        shipmentId: 'S1',
        what: 'rebooked',
        by: 'dana',
        at: HEARD_AT - 60_000,
        field: 'carrier',
        before: 'SAIA',
        after: 'ODFL',
        reason: 'CAP',
      },
    });
  });

  it('has the same id for the same change that is told twice', () => {
    const idOf = (decoded: readonly Decoded[]): string => {
      const one = decoded[1];
      return one !== undefined && 'value' in one ? one.value.id : '';
    };
    expect(idOf(changed({ carrier: 'ODFL' }))).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf(changed({ carrier: 'ODFL' }))).toBe(idOf(changed({ carrier: 'ODFL' })));
    expect(idOf(changed({ carrier: 'ODFL' }))).not.toBe(idOf(changed({ carrier: 'EXFR' })));
  });

  it('takes what changed from and to: released only after a hold', () => {
    const held = { ...shipment, status: 'ON_HOLD' };
    expect(said(read(event('u', held, shipment)))).toEqual(['plan', 'tms_change released']);
    expect(said(changed({ status: 'BOOKED' }))).toEqual(['plan']);
  });

  it('makes no change of a snapshot, and a cancelled plan of a row that went', () => {
    expect(said(read(event('r', null, { ...shipment, status: 'ON_HOLD' })))).toEqual(['plan']);
    const [gone] = read(event('d', shipment, null));
    expect(gone).toMatchObject({ type: 'plan', value: { cancelled: true } });
  });

  it('opens and settles a claim', () => {
    const claim = {
      shipment_id: 'S1',
      amount: '99.90',
      paid: null,
      currency: 'USD',
      state: 'OPEN',
      updated_by: 'dana',
    };
    expect(read(event('c', null, claim, 'claims'))).toMatchObject([
      { type: 'tms_change', value: { what: 'claim_opened', amountMinor: 9_990, currency: 'USD', at: TS } },
    ]);
    expect(read(event('u', claim, { ...claim, state: 'PAID', paid: '50' }, 'claims'))).toMatchObject([
      { type: 'outcome_report', value: { what: 'claim_settled', amountMinor: 5_000 } },
    ]);
  });

  it('never takes for people what we wrote: the plan stands, the change is ours', () => {
    expect(said(changed({ carrier: 'ODFL', updated_by: 'forewarn' }))).toEqual(['plan']);
    const note = { shipment_id: 'S1', updated_by: 'forewarn' };
    expect(said(read(event('c', null, note, 'shipment_notes')))).toEqual(['nothing: echo']);
    const byReference = {
      shipment_id: 'S1',
      updated_by: 'api',
      external_ref: 'forewarn:9f86d081884c7d659a2feaa0c55ad015',
    };
    expect(said(read(event('c', null, byReference, 'shipment_notes')))).toEqual(['nothing: echo']);
    expect(said(read(event('c', null, { ...byReference, external_ref: '9f86' }, 'shipment_notes')))).toEqual([
      'tms_change note_set',
    ]);
  });

  it('accounts for what is no change of a row', () => {
    expect(
      said(
        read(
          [
            null,
            { schema: null, payload: null },
            { ts_ms: 1 },
            { status: 'BEGIN', id: '1', event_count: 2 },
            event('t', null, null),
            event('u', { x: 1 }, { x: 2 }, 'user_sessions'),
            event('c', null, {}, 'drivers'),
            event('z', null, {}),
            event('u', null, shipment),
            5,
          ].toReversed(),
          'application/json',
          'example-tms',
          ['example-tms'],
        ).toReversed(),
      ),
    ).toEqual([
      'nothing: heartbeat',
      'nothing: heartbeat',
      'nothing: heartbeat',
      'nothing: heartbeat',
      'nothing: ignored',
      'nothing: ignored',
      expect.stringMatching(
        /^FW421 event 3: rules\/inputs\/example-tms.yaml says nothing of table "public.drivers"/,
      ),
      expect.stringMatching(/^FW402 event 2: op: "z" is none of/),
      expect.stringMatching(/^FW422 event 1: before is empty; let the database log whole rows/),
      expect.stringMatching(/^FW402 event 0: it is no object/),
    ]);
  });

  it('comes line by line too, each bad line alone with its own bytes', () => {
    const lines = [event('c', null, shipment), null, event('c', null, { ...shipment, mode: 'AIR' })];
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{broken\n`;
    const decoded = read(text, 'text/plain');
    expect(said(decoded)).toEqual([
      'plan',
      'nothing: heartbeat',
      expect.stringMatching(/^FW422 line 3: column mode: it is none of TL, LTL, PCL \(found "AIR"\)/),
      expect.stringMatching(/^FW401 line 4: not JSON/),
    ]);
    expect(decoded.flatMap((one) => (one.type === 'failure' ? [textOf(one.bytes)] : []))).toEqual([
      JSON.stringify(lines[2]),
      '{broken',
    ]);
    // Labelled as lines of JSON they are canonical records, but for a source that is set to a change feed.
    expect(said(read(text, 'application/x-ndjson', 'lines'))[0]).toMatch(/^FW421 no file of rules/);
    expect(said(read(text, 'application/x-ndjson'))[0]).toMatch(/^FW402 type: it is missing/);
  });

  it('never throws, whatever happens to it on its way', () => {
    const sound = `${JSON.stringify(event('u', shipment, { ...shipment, carrier: 'ODFL' }))}\n${JSON.stringify(event('d', shipment, null))}\n`;
    fc.assert(
      fc.property(mutated(sound), (bytes) => {
        const decoded = decode(
          documentOf(bytes, { source: 'example-tms', contentType: 'text/plain' }),
          settingsWith({ inputs, partners: { 'example-tms': { format: 'debezium' } } }),
        );
        expect(decoded.length).toBeGreaterThan(0);
        decoded.forEach(({ position }, index) => expect(position).toBe(index));
      }),
      { numRuns: RUNS },
    );
  });
});
