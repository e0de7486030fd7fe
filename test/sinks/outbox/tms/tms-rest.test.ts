import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actionTypes } from '../../../../domain/action.ts';
import { loadTmsMapping } from '../../../../runtime/rules/load-tms-mapping.ts';
import { compileMapping } from '../../../../sinks/outbox/tms/compile-mapping.ts';
import { MemoryLog } from '../../../support/memory-log.ts';
import { rulesFolder } from '../../../rules/shipped-rules.ts';
import { sampleAction } from '../sample-action.ts';
import { startFakeRestTms, type FakeRestTms } from './fake-rest-tms.ts';
import { attempt, channelTo, mappingOf } from './rest-channel.ts';

let tms: FakeRestTms;
beforeEach(async () => {
  tms = await startFakeRestTms();
});
afterEach(() => tms.close());

const facts = {
  category: 'weather',
  kind: 'detected',
  cause: 'weather',
  effect: 'delay',
  severity: 61.5,
  carrier: 'SAIA',
  leg: null,
  promisedAt: Date.parse('2026-01-05T17:00:00Z'),
  expectedAt: null,
  valueMinor: 1_250_000,
  currency: 'USD',
};
const example = (): ReturnType<typeof compileMapping> => {
  const { name, content } = loadTmsMapping(rulesFolder, 'example');
  return compileMapping(content, name);
};

describe('the example mapping, against our own fake of a REST TMS', () => {
  it('has a way for every action type, whatever its template', () => {
    const mapping = example();
    expect(actionTypes.filter((type) => !mapping.covers(type, 'any'))).toEqual([]);
  });

  it.each(actionTypes.filter((type) => type !== 'query_status'))(
    '%s arrives, and the answer counts as sent',
    async (type) => {
      tms.orders.set('/api/v2/orders/S-1', '{"revision": 0, "hold": {}, "stops": [{"type":"CN"}]}');
      const outcome = await channelTo(tms.url, example()).send(
        sampleAction({ type, shipmentId: 'S-1', facts }),
        attempt(),
      );
      expect(outcome).toMatchObject({ kind: 'sent' });
      const last = tms.asked.at(-1);
      expect(last?.headers).toMatchObject({ 'idempotency-key': 'action-1', authorization: 'Bearer secret' });
      expect(() => JSON.parse(last?.body ?? '') as unknown).not.toThrow();
    },
  );
});

describe('a request', () => {
  const note = `
escalate:
  - request: { path: '/shipments/{{ shipmentId }}/notes', body: '{"note": {{ facts.note }}, "by": {{ facts.promisedAt | iso }}}', expect: [201], done: [409] }
`;

  it('writes values as JSON and as parts of a path, whatever they hold', async () => {
    const nasty = '"}, "admin": true, {{ facts.secret }} \u2028 </script>\\';
    const sent = await channelTo(tms.url, mappingOf(note)).send(
      sampleAction({ type: 'escalate', shipmentId: 'S/1?x=../#ä', facts: { ...facts, note: nasty } }),
      attempt(),
    );
    expect(sent).toEqual({ kind: 'sent', httpStatus: 201 });
    expect(tms.asked[0]?.path).toBe('/api/v2/shipments/S%2F1%3Fx%3D..%2F%23%C3%A4/notes');
    expect(JSON.parse(tms.asked[0]?.body ?? '')).toEqual({ note: nasty, by: '2026-01-05T17:00:00.000Z' });
  });

  it('is not made of a path that would lead elsewhere, or of a fact that is not there', async () => {
    const channel = channelTo(tms.url, mappingOf(note));
    const up = await channel.send(
      sampleAction({ type: 'escalate', shipmentId: '..', facts: { ...facts, note: '' } }),
      attempt(),
    );
    expect(up).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining(
        'FW716 rules/tms/test.yaml actions.escalate[0].request.path: ',
      ) as string,
    });
    const blind = await channel.send(sampleAction({ type: 'escalate', facts: {} }), attempt());
    expect(blind).toMatchObject({ kind: 'refused', error: expect.stringContaining('facts.note') as string });
    expect(tms.asked).toEqual([]);
  });

  it.each([
    [201, 'sent'],
    [409, 'sent'],
    [200, 'refused'],
    [302, 'refused'],
    [422, 'refused'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('that is answered with %i is %s', async (status, kind) => {
    tms.before = () => ({ status, headers: { 'retry-after': '3' } });
    const outcome = await channelTo(tms.url, mappingOf(note)).send(
      sampleAction({ type: 'escalate', facts: { ...facts, note: '' } }),
      attempt(),
    );
    expect(outcome).toMatchObject({
      kind,
      httpStatus: status,
      ...(kind === 'retry' ? { retryAfterMs: 3_000 } : {}),
    });
  });

  it('that a TMS without regard for keys fails in the midst of may have been done', async () => {
    const channel = channelTo(tms.url, mappingOf(note, false));
    expect(channel.deduplicates).toBe(false);
    tms.before = () => ({ status: 500 });
    const action = sampleAction({ type: 'escalate', facts: { ...facts, note: '' } });
    expect(await channel.send(action, attempt())).toMatchObject({ kind: 'unknown', httpStatus: 500 });
    tms.before = () => ({ status: 503 });
    expect(await channel.send(action, attempt())).toMatchObject({ kind: 'retry', httpStatus: 503 });
  });

  it('whose answer is lost is unknown, and sent again under the same key takes effect once', async () => {
    const channel = channelTo(tms.url, mappingOf(note));
    const action = sampleAction({ type: 'escalate', facts: { ...facts, note: 'x' } });
    tms.before = (_, count) => (count === 1 ? 'act and hang up' : undefined);
    expect(await channel.send(action, attempt())).toMatchObject({ kind: 'unknown' });
    expect(await channel.send(action, attempt(2, { mayHaveIt: true }))).toMatchObject({ kind: 'sent' });
    expect([tms.asked.length, tms.effects.size]).toEqual([2, 1]);
  });

  it('to where nobody listens was certainly not received', async () => {
    await tms.close();
    const outcome = await channelTo(tms.url, mappingOf(note)).send(
      sampleAction({ type: 'escalate', facts: { ...facts, note: '' } }),
      attempt(),
    );
    expect(outcome.kind).toBe('retry');
    tms = await startFakeRestTms();
  });

  it('of an action that no entry is for is refused', async () => {
    const outcome = await channelTo(tms.url, mappingOf(note)).send(sampleAction({ type: 'hold' }), attempt());
    expect(outcome).toEqual({
      kind: 'refused',
      error: 'FW716 rules/tms/test.yaml has no entry for hold with template delay; add one',
    });
  });

  it('is chosen by template, effect and kind, in the order of the file', async () => {
    const mapping = mappingOf(`
hold:
  - when: { templates: [dock] }
    request: { path: /dock }
  - when: { effects: [damaged], kinds: [detected] }
    request: { path: /damaged }
  - request: { path: /else }
`);
    const pathFor = (template: string, effect: string, kind: string): string => {
      const way = mapping.wayOf(sampleAction({ type: 'hold', template, facts: { effect, kind } }));
      return way?.way === 'request' ? way.path({} as never) : '';
    };
    expect(pathFor('dock', 'damaged', 'detected')).toBe('/dock');
    expect(pathFor('yard', 'damaged', 'detected')).toBe('/damaged');
    expect(pathFor('yard', 'damaged', 'predicted')).toBe('/else');
  });
});

describe('a query', () => {
  const query = `
query_status:
  - query: { get: '/shipments/{{ shipmentId }}/live-status', done: [404] }
`;
  const answer = '{"type":"tracking","shipmentId":"S-1","status":"departed","at":"2026-01-05T10:00:00Z"}';
  const action = sampleAction({ type: 'query_status', shipmentId: 'S-1', facts });

  it('brings its answer into the log as a document of its source, byte for byte, before it counts as sent', async () => {
    const log = new MemoryLog({ topics: { raw: 1 } });
    tms.before = () => ({
      status: 200,
      body: answer,
      headers: { 'content-type': 'Application/JSON; charset=utf-8' },
    });
    expect(await channelTo(tms.url, mappingOf(query), log).send(action, attempt())).toMatchObject({
      kind: 'sent',
    });
    const [record] = log.all('raw');
    expect(record).toMatchObject({
      key: 'tms-answers',
      headers: { source: 'tms-answers', contentType: 'application/json' },
    });
    expect(new TextDecoder().decode(record?.value)).toBe(answer);
  });

  it('asked again takes the same answer once, and another one too', async () => {
    const log = new MemoryLog({ topics: { raw: 1 } });
    const channel = channelTo(tms.url, mappingOf(query), log);
    expect(channel.deduplicates).toBe(true);
    let body = answer;
    tms.before = () => ({ status: 200, body, headers: { 'content-type': 'application/json' } });
    await channel.send(action, attempt());
    await channel.send(action, attempt(2));
    expect(log.all('raw')).toHaveLength(1);
    body = answer.replace('departed', 'arrived');
    await channel.send(action, attempt(3));
    expect(log.all('raw')).toHaveLength(2);
  });

  it('of what the TMS does not know is no failure and no document', async () => {
    const log = new MemoryLog({ topics: { raw: 1 } });
    expect(await channelTo(tms.url, mappingOf(query), log).send(action, attempt())).toEqual({
      kind: 'sent',
      httpStatus: 404,
    });
    expect(log.all('raw')).toEqual([]);
  });

  it('whose answer finds the line full, is cut off or lost is asked again', async () => {
    const log = new MemoryLog({ topics: { raw: 1 } });
    const { ForewarnError } = await import('../../../../runtime/forewarn-error.ts');
    const channel = channelTo(tms.url, mappingOf(query), log);
    tms.before = () => ({ status: 200, body: answer });
    log.failAppends = () => new ForewarnError('FW310', 'full');
    expect(await channel.send(action, attempt())).toMatchObject({ kind: 'retry' });
    tms.before = () => ({ status: 200, body: answer, headers: { 'content-length': '4000' } });
    log.failAppends = undefined;
    expect((await channel.send(action, attempt(2, { signal: AbortSignal.timeout(200) }))).kind).toBe('retry');
    tms.before = () => 'act and hang up';
    expect((await channel.send(action, attempt(3))).kind).toBe('retry');
  });
});

describe('a mapping file that is not sound', () => {
  it.each([
    ["{ path: /x, body: '{{ facts.a ' }", 'actions.hold[0].request.body: '],
    ["{ path: /x, body: '{{ facts.a | isso }}' }", 'actions.hold[0].request.body: '],
    [
      "{ path: /x, body: '{{ fact.a }}' }",
      'FW103 rules/tms/test.yaml actions.hold[0].request.body: "fact" is not one of shipmentId, exceptionId, customerId, action, facts; facts about the case are facts.<name>',
    ],
    ["{ path: /x, body: '{{ action.ID }}' }", 'request.body: "action.ID" is not there; an action has id, '],
    [`{ path: /x, body: '{"a": "{{ facts.a }}" }' }`, 'write values without quotes around them'],
  ])('%s is FW103', (request, line) => {
    expect(() => mappingOf(`hold: [{ request: ${request} }]`)).toThrow(line);
  });

  it('with two ways in one entry, or a path without slash, does not fit the schema', () => {
    expect(() => mappingOf('hold: [{ request: { path: /x }, query: { get: /y } }]')).toThrow('exactly one');
    expect(() => mappingOf('hold: [{ request: { path: x } }]')).toThrow('begins with /');
  });
});
