import { describe, expect, it } from 'vitest';
import { replyName } from '../../../../domain/reply-name.ts';
import type { Decoded } from '../../../../sources/decoders/decoder.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, HEARD_AT, settingsWith, textOf } from '../decoder-settings.ts';

const scan = { type: 'tracking', shipmentId: 'S1', at: '2025-06-02T11:00:00Z', status: 'arrived' };
const read = (content: unknown, contentType = 'application/json'): readonly Decoded[] =>
  decode(
    documentOf(typeof content === 'string' ? content : JSON.stringify(content), { contentType }),
    settingsWith(),
  );
const failuresOf = (decoded: readonly Decoded[]): string[] =>
  decoded.flatMap((one) =>
    one.type === 'failure' ? [`${one.code} ${one.reason} | ${textOf(one.bytes)}`] : [],
  );

describe('canonical JSON', () => {
  it('fills in id, heardAt and source, and believes no sender about the last two', () => {
    const [one] = read({ ...scan, heardAt: 5, source: { feed: 'forged' } });
    expect(one).toMatchObject({
      type: 'tracking',
      position: 0,
      value: {
        heardAt: HEARD_AT,
        at: HEARD_AT - 3_600_000,
        source: { feed: 'acme', document: 'document-1', decoder: 'canonical/1' },
      },
    });
  });

  it('keeps a given id and makes the same one for the same event', () => {
    const idOf = (record: object): string => {
      const [one] = read(record);
      return one?.type === 'tracking' ? one.value.id : '';
    };
    expect(idOf({ ...scan, id: 'mine' })).toBe('mine');
    expect(idOf(scan)).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf(scan)).toBe(idOf({ ...scan, at: HEARD_AT - 3_600_000 }));
    expect(idOf(scan)).not.toBe(idOf({ ...scan, milestone: 'arrival-1' }));
    expect(idOf(scan)).not.toBe(idOf({ ...scan, retracts: idOf(scan) }));
  });

  it('maps partner codes where no status is given, and leaves a given one alone', () => {
    const code = { standard: 'x12-214', status: 'A7', reason: 'AG' };
    const { status, ...without } = scan;
    const [mapped, given] = read([
      { ...without, code },
      { ...scan, code },
    ]);
    expect(mapped).toMatchObject({
      value: {
        status: 'delivery_attempted',
        effect: 'refused',
        category: 'refused',
        source: { mapping: 'x12-214@1' },
      },
    });
    expect(given).toMatchObject({ value: { status, category: null, source: { mapping: null } } });
  });

  it('takes every type of record', () => {
    const at = '2025-06-01T00:00:00Z';
    const leg = { carrier: 'RDWY', mode: 'ltl', from: 'CHI', to: 'NYC', departAt: at, arriveAt: at };
    const decoded = read([
      {
        type: 'plan',
        at,
        shipmentId: 'S1',
        customerId: 'C1',
        carrier: 'RDWY',
        service: 'std',
        mode: 'ltl',
        lane: 'CHI-NYC',
        legs: [leg],
        promisedAt: at,
      },
      { type: 'contract', at, customerId: 'C1', version: 1, tier: 'priority', effectiveFrom: at },
      { type: 'port', at, port: 'USLAX', state: 'open', dwellHours: 10, usualDwellHours: 12 },
      {
        type: 'weather',
        at,
        alertId: 'W1',
        hazardId: 'H1',
        messageType: 'alert',
        event: 'Flood',
        severity: 'severe',
        certainty: 'likely',
        zones: ['OHC049'],
        onsetAt: at,
        endsAt: at,
      },
      {
        type: 'order',
        at,
        orderId: 'O1',
        customerId: 'C1',
        lines: [{ lineId: '1', quantity: 2, dueAt: at }],
      },
      { type: 'allocation', at, orderId: 'O1', shipmentId: 'S1', lines: [{ lineId: '1', quantity: 2 }] },
      { type: 'directory', at, customerId: 'C1', contacts: [{ id: 'ann', email: 'ann@c1.example' }] },
      { type: 'inquiry', at, customerId: 'C1', shipmentId: 'S1', channel: 'phone' },
    ]);
    const types = ['plan', 'contract', 'port', 'weather', 'order', 'allocation', 'directory', 'inquiry'];
    expect(decoded.map(({ type }) => type)).toEqual(types);
    expect(decoded.map(({ position }) => position)).toEqual(types.map((_, index) => index));
    expect(decoded[4]).toMatchObject({ value: { currency: 'USD', cancelled: false, lines: [{ sku: '' }] } });
    expect(decoded[6]).toMatchObject({ value: { contacts: [{ role: 'customer', language: 'en' }] } });
    expect(decoded[7]).toMatchObject({ value: { about: 'other', inReplyTo: null, heardAt: HEARD_AT } });
  });

  it('knows the shipment of a reply by the Message-ID that it answers', () => {
    const at = '2025-06-01T00:00:00Z';
    const reply = { type: 'inquiry', at, customerId: 'C1', channel: 'email', about: 'reply' };
    const ours = `<${replyName('a1', 'ann@c1.example', 'S 4711/ü')}@forewarn.example>`;
    expect(read({ ...reply, inReplyTo: ours })).toMatchObject([{ value: { shipmentId: 'S 4711/ü' } }]);
    expect(read({ ...reply, inReplyTo: ours, shipmentId: 'S2' })).toMatchObject([
      { value: { shipmentId: 'S2' } },
    ]);
    for (const inReplyTo of ['<20250601.1@c1.example>', '<a1.0123456789ab.!@c1.example>', ''])
      expect(read({ ...reply, inReplyTo })).toMatchObject([
        { code: 'FW402', reason: expect.stringContaining('shipmentId') },
      ]);
  });

  it('knows an order, an allocation, a directory and an inquiry again by what they are about', () => {
    const at = '2025-06-01T00:00:00Z';
    const idOf = (record: object): string => {
      const [one] = read(record);
      return one !== undefined && 'value' in one ? one.value.id : '';
    };
    const line = { lineId: '1', quantity: 2, dueAt: at };
    const order = { type: 'order', at, orderId: 'O1', customerId: 'C1', lines: [line] };
    const allocation = { type: 'allocation', at, orderId: 'O1', shipmentId: 'S1', lines: [] };
    const inquiry = { type: 'inquiry', at, customerId: 'C1', shipmentId: 'S1', channel: 'phone' };
    expect(idOf(order)).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf(order)).toBe(idOf({ ...order, at: Date.parse(at) }));
    expect(idOf(order)).not.toBe(idOf({ ...order, at: Date.parse(at) + 1 }));
    expect(idOf(allocation)).not.toBe(idOf({ ...allocation, shipmentId: 'S2' }));
    expect(idOf(inquiry)).not.toBe(idOf({ ...inquiry, reference: 'T-7' }));
    expect(idOf(inquiry)).not.toBe(idOf({ ...inquiry, channel: 'email' }));
  });

  it('refuses an order without lines, and lines or contacts that are named twice', () => {
    const at = '2025-06-01T00:00:00Z';
    const line = { lineId: 'A', quantity: 1, dueAt: at };
    const order = { type: 'order', at, orderId: 'O1', customerId: 'C1' };
    const directory = { type: 'directory', at, customerId: 'C1', contacts: [{ id: 'ann' }, { id: 'ann' }] };
    const bad = [
      { ...order, lines: [] },
      { ...order, lines: [line, { ...line, lineId: 'B' }, line] },
      { type: 'allocation', at, orderId: 'O1', lines: [] },
      directory,
      { type: 'inquiry', at, customerId: 'C1', shipmentId: 'S1', channel: 'pigeon' },
    ];
    const failures = failuresOf(read(bad));
    expect(failures).toHaveLength(bad.length);
    expect(failures[0]).toMatch(/^FW402 order: lines: /);
    expect(failures[1]).toMatch(/^FW402 order: lines\.2\.lineId: "A" is there already; name each once \| \{/);
    expect(failures[2]).toMatch(/^FW402 allocation: shipmentId: /);
    expect(failures[3]).toMatch(/^FW402 directory: contacts\.1\.id: "ann" is there already/);
    expect(failures[4]).toMatch(/^FW402 inquiry: channel: /);
  });

  it('lets each bad record fail alone, with path, rule and its own bytes', () => {
    const decoded = read(
      '[ {"type":"tracking","at":"soon","status":"arrived"} , 7,{"type":"pigeon"}, "]}",' +
        `${JSON.stringify(scan)} ]`,
    );
    expect(decoded.map(({ type }) => type)).toEqual(['failure', 'failure', 'failure', 'failure', 'tracking']);
    const [time, number, pigeon, text] = failuresOf(decoded);
    expect(time).toMatch(
      /^FW402 tracking: at: .*found "soon".* \| \{"type":"tracking","at":"soon","status":"arrived"\}$/,
    );
    expect(number).toMatch(/\| 7$/);
    expect(pigeon).toMatch(/^FW402 type: "pigeon" is none of tracking, .* \| \{"type":"pigeon"\}$/);
    expect(text).toMatch(/\| "\]\}"$/);
  });

  it('refuses the future but for the tolerance, and cuts a whole day to what was heard', () => {
    expect(failuresOf(read({ ...scan, at: HEARD_AT + 600_001 }))[0]).toMatch(/^FW403 /);
    expect(failuresOf(read({ ...scan, at: HEARD_AT + 600_000 }))).toEqual([]);
    const [today] = read({ ...scan, at: '2025-06-02T23:59:59.999Z', precision: 'day' });
    expect(today).toMatchObject({ value: { at: HEARD_AT, precision: 'day' } });
    expect(failuresOf(read({ ...scan, at: '2025-06-03T23:59:59.999Z', precision: 'day' }))[0]).toMatch(
      /^FW403 /,
    );
    expect(failuresOf(read({ ...scan, at: -1 }))[0]).toMatch(/^FW402 .*before 1970/);
  });

  it('tells what is no JSON, and an empty array as a heartbeat', () => {
    expect(failuresOf(read('{"type":'))[0]).toMatch(/^FW401 not JSON/);
    expect(read('[]')).toEqual([{ type: 'nothing', position: 0, why: 'heartbeat' }]);
    expect(failuresOf(read('  \n'))[0]).toMatch(/^FW401 the document is empty/);
  });
});

describe('NDJSON', () => {
  it('takes each line for itself, skips blank ones and a byte order mark', () => {
    const line = JSON.stringify(scan);
    const decoded = read(`\uFEFF${line}\r\n\n{oops\n${line}`, 'application/x-ndjson');
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'tracking']);
    expect(failuresOf(decoded)[0]).toMatch(/^FW401 .* \| \{oops$/);
  });

  it('keeps a line that is not UTF-8 from spoiling the others', () => {
    const line = Buffer.from(`${JSON.stringify(scan)}\n`);
    const bytes = Buffer.concat([line, Buffer.from([0x22, 0xff, 0x22, 0x0a]), line]);
    const decoded = decode(documentOf(bytes, { contentType: 'application/x-ndjson' }), settingsWith());
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'tracking']);
    expect(decoded[1]).toMatchObject({ code: 'FW401', reason: 'not UTF-8, as JSON must be' });
  });
});
