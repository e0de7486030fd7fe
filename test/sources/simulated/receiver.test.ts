import { afterEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import type { WorldAction } from '../../../sources/simulated/open-shipment.ts';
import { startReceiver, type Receiver } from '../../../sources/simulated/receiver.ts';

const secret = `whsec_${Buffer.from('a key of thirty-two bytes, say..').toString('base64')}`;
const open: Receiver[] = [];

const receiving = async (
  known: readonly string[] = [],
): Promise<{ url: string; taken: [string, WorldAction][] }> => {
  const taken: [string, WorldAction][] = [];
  const receiver = await startReceiver({
    secret,
    known,
    onAction: async (webhookId, action) => {
      taken.push([webhookId, action]);
    },
  });
  open.push(receiver);
  return { url: receiver.url, taken };
};

const event = (type = 'expedite'): string =>
  JSON.stringify({
    specversion: '1.0',
    id: 'a-1',
    source: '/forewarn',
    type: 'action',
    data: { action: { id: 'a-1', type }, shipmentId: 'shp-1', exceptionId: 'e-1' },
  });

const send = (url: string, body: string, id = 'a-1', key = secret): Promise<Response> => {
  const at = new Date();
  return fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/cloudevents+json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': `v1,AAAA ${new Webhook(key).sign(id, at, body)}`,
    },
  });
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

describe('startReceiver', () => {
  it('takes what the Standard Webhooks library has signed', async () => {
    const { url, taken } = await receiving();
    const answer = await send(url, event());
    expect(answer.status).toBe(200);
    expect(taken).toEqual([['a-1', { id: 'a-1', type: 'expedite', shipmentId: 'shp-1' }]]);
  });

  it('takes a digest with all that it speaks for', async () => {
    const { url, taken } = await receiving();
    const covers = [
      { actionId: 'a-2', shipmentId: 'shp-2', exceptionId: 'e-2' },
      { actionId: 'a-3', shipmentId: 'shp-3', exceptionId: 'e-3' },
    ];
    const digest: { data: object } = JSON.parse(event('notify_customer'));
    const body = JSON.stringify({ ...digest, data: { ...digest.data, covers } });
    expect((await send(url, body)).status).toBe(200);
    expect(taken).toEqual([
      [
        'a-1',
        {
          id: 'a-1',
          type: 'notify_customer',
          shipmentId: 'shp-1',
          covers: covers.map(({ actionId, shipmentId }) => ({ actionId, shipmentId })),
        },
      ],
    ]);
    expect((await send(url, body.replace('"a-3"', '3'), 'a-9')).status).toBe(400);
  });

  it('refuses another key, a changed body and a missing signature', async () => {
    const { url, taken } = await receiving();
    const otherKey = `whsec_${Buffer.from('another key').toString('base64')}`;
    expect((await send(url, event(), 'a-1', otherKey)).status).toBe(401);
    const signed = new Webhook(secret).sign('a-1', new Date(), event());
    const headers = {
      'webhook-id': 'a-1',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': signed,
    };
    expect((await fetch(url, { method: 'POST', body: event('hold'), headers })).status).toBe(401);
    expect((await fetch(url, { method: 'POST', body: event() })).status).toBe(401);
    expect(taken).toEqual([]);
  });

  it('takes each id once, also when it comes twice at the same time or was taken in an earlier life', async () => {
    const { url, taken } = await receiving(['a-0']);
    const answers = await Promise.all([send(url, event()), send(url, event()), send(url, event(), 'a-0')]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await (await send(url, event())).json()).toEqual({ accepted: true, duplicate: true });
    expect(taken.map(([id]) => id)).toEqual(['a-1']);
  });

  it('says 400 to what is no action and 405 to what is no POST', async () => {
    const { url } = await receiving();
    expect((await send(url, '{"specversion":"1.0"}')).status).toBe(400);
    expect((await send(url, 'nonsense')).status).toBe(400);
    expect((await fetch(url)).status).toBe(405);
  });
});
