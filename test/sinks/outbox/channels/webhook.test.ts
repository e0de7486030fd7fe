import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallClock } from '../../../../runtime/clock.ts';
import { webhook } from '../../../../sinks/outbox/channels/webhook.ts';
import { startReceiver, type Receiver } from '../receiver.ts';
import { sampleAction } from '../sample-action.ts';
import { until } from '../until.ts';

const secret = `whsec_${Buffer.from('an-old-secret-of-thirty-two-bytes').toString('base64')}`;
const newSecret = `whsec_${Buffer.from('a-new-secret-with-thirty-two-byte').toString('base64')}`;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.kill());

const channelTo = (url: string, secrets: readonly string[] = [secret]) =>
  webhook({ name: 'crm', url, secrets, clock: wallClock });
const context = () => ({ attempt: 1, signal: new AbortController().signal });

describe('webhook', () => {
  it('sends a signed CloudEvent that the reference library accepts with either secret', async () => {
    const channel = channelTo(receiver.url, [newSecret, secret]);
    expect(await channel.send(sampleAction(), context())).toEqual({ kind: 'sent', httpStatus: 200 });
    const [{ headers, body }] = receiver.requests as [Receiver['requests'][number]];
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': 'action-1',
    });
    const signed = {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    };
    for (const each of [secret, newSecret])
      expect(new Webhook(each).verify(body, signed)).toMatchObject({ id: 'action-1', specversion: '1.0' });
    channel.close?.();
  });

  it('uses its connection again', async () => {
    const channel = channelTo(receiver.url);
    const ports = new Set<number | undefined>();
    receiver.answer = (_request, response) => {
      ports.add(response.socket?.remotePort);
      response.end();
    };
    for (let n = 0; n < 5; n++) {
      await channel.send(sampleAction(), context());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ports.size).toBe(1);
    channel.close?.();
  });

  it.each([
    [200, 'sent'],
    [204, 'sent'],
    [302, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'retry'],
    [410, 'refused'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ] as const)('takes HTTP %i as %s', async (status, kind) => {
    const channel = channelTo(receiver.url);
    receiver.answer = (_request, response) => {
      response.writeHead(status, status === 302 ? { location: receiver.url } : {}).end();
    };
    expect(await channel.send(sampleAction(), context())).toMatchObject({ kind, httpStatus: status });
    expect(receiver.requests).toHaveLength(1);
    channel.close?.();
  });

  it('keeps the beginning of an error answer, and what it asks for', async () => {
    const channel = channelTo(receiver.url);
    receiver.answer = (_request, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end(`slow down ${'x'.repeat(100_000)}`);
    };
    const outcome = await channel.send(sampleAction(), context());
    expect(outcome).toMatchObject({ kind: 'retry', retryAfterMs: 7_000 });
    expect(outcome.error).toMatch(/^HTTP 429: slow down x+$/);
    expect(outcome.error!.length).toBeLessThan(600);
    channel.close?.();
  });

  it('does not know what happened when the answer is lost', async () => {
    const channel = channelTo(receiver.url);
    receiver.answer = (_request, response) => response.socket?.destroy();
    expect(await channel.send(sampleAction(), context())).toMatchObject({ kind: 'unknown' });
    channel.close?.();
  });

  it('does not know what happened when the receiver takes too long', async () => {
    const channel = channelTo(receiver.url);
    const ending = new AbortController();
    receiver.answer = () => ending.abort();
    const outcome = await channel.send(sampleAction(), { attempt: 1, signal: ending.signal });
    expect(outcome).toEqual({ kind: 'unknown', error: 'no answer in time' });
    channel.close?.();
  });

  it('counts a yes whose body breaks off as a yes', async () => {
    const channel = channelTo(receiver.url);
    receiver.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('o', () => response.socket?.destroy());
    };
    expect(await channel.send(sampleAction(), context())).toMatchObject({ kind: 'sent' });
    channel.close?.();
  });

  it('knows that nothing was received where nobody listens, and gets through when it is back', async () => {
    const channel = channelTo(receiver.url);
    await channel.send(sampleAction(), context());
    await receiver.kill();
    await until(() => receiver.requests.length === 1);
    let outcome = await channel.send(sampleAction(), context());
    // The first may still go out on the old connection.
    if (outcome.kind === 'unknown') outcome = await channel.send(sampleAction(), context());
    expect(outcome).toMatchObject({ kind: 'retry' });
    expect(outcome.error).toContain('ECONNREFUSED');
    await receiver.revive();
    expect(await channel.send(sampleAction(), context())).toMatchObject({ kind: 'sent' });
    channel.close?.();
  });

  it('refuses what no request can be made of', async () => {
    const channel = channelTo(receiver.url);
    const outcome = await channel.send(sampleAction({ id: 'line\nbreak' }), context());
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(receiver.requests).toEqual([]);
    channel.close?.();
  });

  it.each(['', 'ftp://example.org', 'example.org/hooks'])('refuses the address %j at start', (url) => {
    expect(() => channelTo(url)).toThrow('FW101 destination "crm"');
  });
});
