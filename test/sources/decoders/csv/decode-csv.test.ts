import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputMapping, type InputMapping } from '../../../../domain/input-mapping.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { mutated, RUNS } from '../mapped/mutated-bytes.ts';
import { documentOf, HEARD_AT, inputs, settingsWith, textOf } from '../decoder-settings.ts';

const read = (content: string | Uint8Array, source: string, mapping?: InputMapping): readonly Decoded[] =>
  decode(
    documentOf(content, { source, contentType: 'text/csv' }),
    settingsWith({ inputs: mapping === undefined ? inputs : new Map([[source, mapping]]) }),
  );
const failuresOf = (decoded: readonly Decoded[]): string[] =>
  decoded.flatMap((one) =>
    one.type === 'failure' ? [`${one.code} ${one.reason} | ${textOf(one.bytes)}`] : [],
  );

const cardHeader =
  'score_card_id,carrier,lane,service,period_from,period_to,shipments,on_time,tender_acceptance,comment';

describe('score cards', () => {
  it('are carrier updates of kind performance, with empty cells left to their defaults', () => {
    const [one, two, ...more] = read(
      `${cardHeader}\r\nc1,SAIA,CHI-NYC;CHI-BOS,ltl,2025-05-01,2025-05-31,120,0.93,0.8,"good, on the whole"\r\nc2,ODFL,,,2025-05-01,2025-05-31,,0.5,,\r\n`,
      'score-cards',
    );
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      type: 'carrier_update',
      position: 0,
      value: {
        updateId: 'c1',
        kind: 'performance',
        lanes: ['CHI-NYC', 'CHI-BOS'],
        at: HEARD_AT,
        startsAt: Date.parse('2025-05-01T05:00:00Z'),
        endsAt: Date.parse('2025-06-01T04:59:59.999Z'),
        shipments: 120,
        onTimeRate: 0.93,
        headline: 'good, on the whole',
        source: { decoder: 'csv/1', mapping: 'score-cards@1' },
      },
    });
    expect(two).toMatchObject({ position: 1, value: { lanes: [], shipments: null, tenderAcceptance: null } });
  });

  it('fail row by row, with the header above what failed', () => {
    const decoded = read(
      `${cardHeader}\nc1,SAIA,,,2025-05-01,2025-05-31,1,0.9,,\nc2,,,,2025-05-01,2025-05-31,1,0.9,,\nc3,SAIA,,,May,2025-05-31,1,0.9,,\nc4,SAIA,,,2025-05-01,2025-05-31,1,1.5,,\nc5,SAIA\nc6,"open,,,\nc7,SAIA,,,2025-05-01,2025-05-31,1,0.9,,\n`,
      'score-cards',
    );
    expect(decoded.map(({ type, position }) => `${position} ${type}`)).toEqual([
      '0 carrier_update',
      '1 failure',
      '2 failure',
      '3 failure',
      '4 failure',
      '5 failure',
      '6 carrier_update',
    ]);
    const failures = failuresOf(decoded);
    expect(failures[0]).toBe(
      `FW422 line 3: column carrier: it is empty, and required | ${cardHeader}\nc2,,,,2025-05-01,2025-05-31,1,0.9,,\n`,
    );
    expect(failures[1]).toMatch(
      /^FW422 line 4: column period_from: it is no time as yyyy-MM-dd has it \(found "May"\)/,
    );
    expect(failures[2]).toMatch(/^FW402 line 5: carrier_update: onTimeRate: .*<=1/);
    expect(failures[3]).toMatch(/^FW422 line 6: it has 2 cells for 10 columns/);
    expect(failures[4]).toBe(`FW422 line 7: a quote is not closed | ${cardHeader}\nc6,"open,,,\n`);
  });

  it('can be mended and played again as the failure has them', () => {
    const [failure] = read(`${cardHeader}\nc2,,,,2025-05-01,2025-05-31,1,0.9,,\n`, 'score-cards');
    const mended = textOf(failure?.type === 'failure' ? failure.bytes : new Uint8Array()).replace(
      'c2,,',
      'c2,SAIA,',
    );
    expect(read(mended, 'score-cards')).toMatchObject([
      { type: 'carrier_update', value: { updateId: 'c2' } },
    ]);
  });
});

describe('order lines', () => {
  const header = 'order;customer;line;article;quantity;amount;due;shipment;status';
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

  it('of one order are one order, and say on which shipments it rides', () => {
    const decoded = read(
      bytes(
        `${header}\n4711;acme;1;Rührer;2;1.200,50;03.06.2025;S1;planned\n4711;acme;2;B;1,5;10,00;04.06.2025;S1;planned\n4712;acme;1;C;1;1,00;04.06.2025;;open\n`,
      ),
      'example-orders',
    );
    expect(decoded).toMatchObject([
      {
        type: 'order',
        value: {
          orderId: '4711',
          currency: 'EUR',
          lines: [
            {
              lineId: '1',
              sku: 'Rührer',
              quantity: 2,
              valueMinor: 120_050,
              dueAt: Date.parse('2025-06-03T21:59:59.999Z'),
            },
            { lineId: '2', quantity: 1.5 },
          ],
        },
      },
      { type: 'order', value: { orderId: '4712', lines: [{ lineId: '1' }] } },
      {
        type: 'allocation',
        value: { orderId: '4711', shipmentId: 'S1', lines: [{ lineId: '1' }, { lineId: '2' }] },
      },
    ]);
  });

  it('fail together, since half an order would take the place of the whole', () => {
    const decoded = read(
      bytes(
        `${header}\n4711;acme;1;A;2;1,00;03.06.2025;S1;open\n4711;acme;2;B;many;1,00;04.06.2025;S1;open\n`,
      ),
      'example-orders',
    );
    expect(failuresOf(decoded)).toEqual([
      expect.stringMatching(
        /^FW422 lines 2 to 3: column quantity: it is no number \(found "many"\) \| order;[^]*;A;[^]*;B;/,
      ),
    ]);
  });

  it('of another charset than the mapping says are not read as something else', () => {
    const mapping = inputMapping.parse({ ...inputs.get('example-orders'), csv: { delimiter: ';' } });
    const decoded = read(
      bytes(`${header}\n1;acme;1;Rührer;2;1,00;03.06.2025;;open\n`),
      'example-orders',
      mapping,
    );
    expect(failuresOf(decoded)[0]).toMatch(/^FW422 line 2: it is not utf-8; name the charset/);
  });
});

it('says which file or column is lacking, and keeps the document', () => {
  expect(failuresOf(read('a,b\n1,2\n', 'nobody'))).toEqual([
    'FW421 no file of rules/inputs reads source "nobody"; add one that says what a row is | a,b\n1,2\n',
  ]);
  expect(failuresOf(read('a,b\n1,2\n', 'score-cards'))[0]).toMatch(
    /^FW421 the header has no column "carrier", which rules\/inputs\/score-cards.yaml needs/,
  );
});

it('takes what a file of our own wrote for an echo, but for how things stand', () => {
  const mapping = inputMapping.parse({
    name: 'x',
    version: 1,
    sources: ['x'],
    own: { by: 'by', users: ['forewarn'], references: ['ref'], prefix: 'forewarn:' },
    tables: [
      {
        records: [
          {
            type: 'tms_change',
            required: ['s'],
            fields: { shipmentId: 's', what: { value: 'note_set' }, by: 'by' },
          },
        ],
      },
    ],
  });
  const id = '9f86d081884c7d659a2feaa0c55ad015';
  const decoded = read(`s,by,ref\nS1,forewarn,\nS1,dana,see forewarn:${id}\nS1,dana,${id}\n`, 'x', mapping);
  expect(decoded.map((one) => (one.type === 'nothing' ? one.why : one.type))).toEqual([
    'echo',
    'echo',
    'tms_change',
  ]);
});

it('never throws, and accounts for every row', () => {
  const good = `${cardHeader}\nc1,SAIA,,,2025-05-01,2025-05-31,1,0.9,,\nc2,"a""b",x,,2025-05-01,2025-05-31,1,0.9,,\n`;
  fc.assert(
    fc.property(mutated(good), (bytes) => {
      const decoded = read(bytes, 'score-cards');
      expect(decoded.length).toBeGreaterThan(0);
      decoded.forEach(({ position }, index) => expect(position).toBe(index));
    }),
    { numRuns: RUNS },
  );
});

describe('a promise that is a date', () => {
  const promisedAs = (as: 'day' | 'time') =>
    inputMapping.parse({
      name: 'plans',
      version: 1,
      sources: ['plans'],
      zone: 'America/Chicago',
      tables: [
        {
          records: [
            {
              type: 'plan',
              fields: {
                shipmentId: 'load',
                customerId: { value: 'acme' },
                carrier: { value: 'SAIA' },
                service: { value: 'standard' },
                mode: { value: 'ltl' },
                lane: { value: 'A-B' },
                promisedAt: { column: 'due', as },
                'legs.0.carrier': { value: 'SAIA' },
                'legs.0.mode': { value: 'ltl' },
                'legs.0.from': { value: 'A' },
                'legs.0.to': { value: 'B' },
                'legs.0.departAt': { column: 'due', as },
                'legs.0.arriveAt': { column: 'due', as },
              },
            },
          ],
        },
      ],
    });

  it('stays one: kept until the end of the local day, and known as a day', () => {
    expect(read('load,due\nL-1,2025-06-01\n', 'plans', promisedAs('day'))).toMatchObject([
      {
        type: 'plan',
        value: { promisedAt: Date.parse('2025-06-02T04:59:59.999Z'), promisePrecision: 'day' },
      },
    ]);
    expect(read('load,due\nL-1,2025-06-01T10:00:00\n', 'plans', promisedAs('time'))).toMatchObject([
      {
        type: 'plan',
        value: { promisedAt: Date.parse('2025-06-01T15:00:00Z'), promisePrecision: 'instant' },
      },
    ]);
  });
});
