import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { isSigned } from './webhook-signature.ts';
import type { WorldAction } from './open-shipment.ts';

const maxBodyBytes = 256 * 1024;

/** CloudEvents 1.0, structured mode; of its data only what the world acts upon. */
const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  data: z.object({
    action: z.object({ id: z.string().min(1), type: z.string().min(1) }),
    shipmentId: z.string().min(1),
    covers: z.array(z.object({ actionId: z.string().min(1), shipmentId: z.string().min(1) })).default([]),
  }),
});

export interface ReceiverOptions {
  /** `whsec_` and the base64 of the key. */
  readonly secret: string;
  /** 0, the default, for any free port. */
  readonly port?: number;
  /** Ids of messages that were taken in an earlier life. */
  readonly known: Iterable<string>;
  /** Must not resolve before the action is durable: the answer goes out then. */
  readonly onAction: (webhookId: string, action: WorldAction) => Promise<void>;
}

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const refuse = (status: number, error: string): Answer => ({ status, body: { error } });

/**
 * The executor's end of the line: carriers and the TMS as one webhook. It takes each `webhook-id` once, answers a
 * repetition like the first time, and answers only after the action is durable.
 */
export const startReceiver = async (options: ReceiverOptions): Promise<Receiver> => {
  const known = new Set(options.known);
  const underWay = new Map<string, Promise<void>>();

  const take = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== 'POST') return refuse(405, 'only POST is taken here');
    const body = await readBody(request);
    if (body === null) return refuse(413, `the body is larger than ${maxBodyBytes} bytes`);
    if (!isSigned(request.headers, body, options.secret)) return refuse(401, 'the signature does not fit');
    const event = cloudEvent.safeParse(parsed(body));
    if (!event.success)
      return refuse(400, `no action in this event: ${event.error.issues[0]?.message ?? ''}`);
    const webhookId = String(request.headers['webhook-id']);
    if (known.has(webhookId)) return { status: 200, body: { accepted: true, duplicate: true } };
    const { action, shipmentId, covers } = event.data.data;
    const running = underWay.get(webhookId);
    const asked = { id: action.id, type: action.type, shipmentId };
    const done = running ?? options.onAction(webhookId, covers.length === 0 ? asked : { ...asked, covers });
    underWay.set(webhookId, done);
    try {
      await done;
      known.add(webhookId);
    } finally {
      underWay.delete(webhookId);
    }
    return { status: 200, body: { accepted: true, duplicate: running !== undefined } };
  };

  const server = createServer((request, response) => {
    take(request)
      .catch(() => refuse(500, 'the action could not be kept; send it again'))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  });
  await listen(server, options.port ?? 0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/actions`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
};
