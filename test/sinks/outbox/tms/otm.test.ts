import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../../sinks/outbox/channel.ts';
import { otm, type OtmOptions } from '../../../../sinks/outbox/tms/otm.ts';
import { sampleAction } from '../sample-action.ts';
import { attempt } from './rest-channel.ts';
import { reasons } from './x12/sample-partner.ts';

/** A fake of ours, not Oracle's: it keeps tracking events and finds them by a flex field. */
let server: Server;
let url = '';
let events: Record<string, unknown>[] = [];
let asked: string[] = [];
let loses = false;
let status = 201;

beforeEach(async () => {
  [events, asked, loses, status] = [[], [], false, 201];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      asked.push(`${request.method} ${request.headers['content-type'] ?? ''}`.trim());
      const at = new URL(request.url ?? '', 'http://otm');
      if (at.pathname !== '/logisticsRestApi/resources-int/v2/trackingEvents') {
        response.writeHead(404).end();
        return;
      }
      if (request.method === 'GET') {
        const [, field = '', value = ''] = /^(\w+) eq "(.*)"$/.exec(at.searchParams.get('q') ?? '') ?? [];
        response.end(JSON.stringify({ items: events.filter((event) => event[field] === value) }));
        return;
      }
      if (status === 201) events.push(JSON.parse(body) as Record<string, unknown>);
      if (loses) request.socket.destroy();
      else response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(
  () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
);

const channel = (changes: Partial<OtmOptions> = {}): Channel =>
  otm({
    name: 'otm',
    url,
    headers: {},
    domain: 'ACME',
    predicted: 'X2',
    detected: 'ACME.SD',
    reasonPrefix: 'ACME.',
    idField: undefined,
    reasons,
    clock: { now: () => 0 },
    ...changes,
  });
const detected = sampleAction({
  shipmentId: 'S-1',
  at: Date.parse('2026-01-05T11:42:10Z'),
  facts: { kind: 'detected', category: 'weather', cause: 'weather', expectedAt: null },
});

describe('an OTM tracking event, against our own fake of the resource', () => {
  it('of what was observed has its reason and its time', async () => {
    expect(await channel().send(detected, attempt())).toEqual({ kind: 'sent', httpStatus: 201 });
    expect(asked).toEqual(['POST application/vnd.oracle.resource+json;type=singular']);
    expect(events).toEqual([
      {
        domainName: 'ACME',
        shipmentGid: 'ACME.S-1',
        statusCodeGid: 'ACME.SD',
        statusReasonCodeGid: 'ACME.AO',
        eventdate: { value: '2026-01-05T11:42:10.000Z', timezone: 'UTC' },
      },
    ]);
  });

  it('of a prediction is an estimate without a reason, and none without a time', async () => {
    const facts = {
      kind: 'predicted',
      category: 'weather',
      cause: 'weather',
      expectedAt: Date.parse('2026-01-06T17:00:00Z'),
    };
    await channel().send(sampleAction({ facts }), attempt());
    expect(events[0]).toMatchObject({
      statusCodeGid: 'X2',
      eventdate: { value: '2026-01-06T17:00:00.000Z' },
    });
    expect(events[0]).not.toHaveProperty('statusReasonCodeGid');
    const blind = await channel().send(sampleAction({ facts: { ...facts, expectedAt: null } }), attempt());
    expect(blind).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('FW716 destination "otm"') as string,
    });
  });

  it('whose answer is lost is looked up by our id before it is posted again, where a field holds it', async () => {
    const looking = channel({ idField: 'attribute1' });
    expect(looking.deduplicates).toBe(true);
    loses = true;
    expect((await looking.send(detected, attempt())).kind).toBe('unknown');
    loses = false;
    expect(await looking.send(detected, attempt(2, { mayHaveIt: true }))).toEqual({
      kind: 'sent',
      httpStatus: 200,
    });
    expect(events).toHaveLength(1);
    events = [];
    expect((await looking.send(detected, attempt(3, { mayHaveIt: true }))).kind).toBe('sent');
    expect(events).toHaveLength(1);
  });

  it('is not taken for one that can be repeated without such a field', () => {
    expect(channel().deduplicates).toBe(false);
  });

  it.each([
    [400, 'refused'],
    [401, 'refused'],
    [429, 'retry'],
    [500, 'unknown'],
    [503, 'retry'],
  ])('answered with %i is %s', async (code, kind) => {
    status = code;
    expect((await channel().send(detected, attempt())).kind).toBe(kind);
  });
});
