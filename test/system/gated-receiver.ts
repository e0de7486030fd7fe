import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { Webhook } from 'standardwebhooks';

/** What a receiver knows of one idempotency key. */
export interface Received {
  readonly bodies: Set<string>;
  /** Requests that came whole; a receiver that honours the key acts on the first. */
  deliveries: number;
}

/** A webhook receiver that lets every request wait until it is told to answer. */
export interface GatedReceiver {
  readonly url: string;
  readonly secret: string;
  readonly received: ReadonlyMap<string, Received>;
  /** Keys whose sender went away before it had its answer. */
  readonly unanswered: ReadonlySet<string>;
  /** Keys of requests that wait, with the shipment that each is about, sorted. */
  held(): readonly { readonly key: string; readonly shipmentId: string }[];
  /** Resolves when the answer has been handed to the network. */
  answer(key: string): Promise<void>;
  close(): Promise<void>;
}

/** One key in nine is refused, always the same ones: playbooks also say what follows then. */
export const refuses = (key: string): boolean =>
  createHash('sha256').update(key).digest().readUInt8() % 9 === 0;

export const startGatedReceiver = async (): Promise<GatedReceiver> => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const webhook = new Webhook(secret);
  const received = new Map<string, Received>();
  const unanswered = new Set<string>();
  const waiting = new Map<string, { readonly response: ServerResponse; readonly shipmentId: string }>();

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    // Throws when the signature does not fit.
    webhook.verify(body, request.headers as Record<string, string>);
    const key = String(request.headers['webhook-id']);
    const { data } = JSON.parse(body) as { readonly data: { readonly shipmentId: string } };
    const known = received.get(key) ?? { bodies: new Set(), deliveries: 0 };
    received.set(key, known);
    known.bodies.add(body);
    known.deliveries += 1;
    waiting.set(key, { response, shipmentId: data.shipmentId });
    response.once('close', () => {
      if (!response.writableFinished) unanswered.add(key);
      if (waiting.get(key)?.response === response) waiting.delete(key);
    });
  };

  const server = createServer((request, response) => {
    take(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(401);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/actions`,
    secret,
    received,
    unanswered,
    held: () =>
      [...waiting]
        .map(([key, { shipmentId }]) => ({ key, shipmentId }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    answer: async (key) => {
      const held = waiting.get(key);
      if (held === undefined) return;
      waiting.delete(key);
      held.response.writeHead(refuses(key) ? 422 : 200).end();
      await finished(held.response).catch(() => undefined);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
