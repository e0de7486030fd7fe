import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Told {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a whole object may be written back: only over the tag that was read, or only with the revision that it has. */
export type Guard = 'etag' | 'revision' | 'none';

/**
 * A fake of ours, no product's: a small TMS on loopback. It keeps orders as text with an ETag or a revision, does what
 * it is asked once for each idempotency key, and can be told to lose answers.
 */
export interface FakeRestTms {
  readonly url: string;
  readonly asked: Asked[];
  /** Whole objects by path, as text. */
  readonly orders: Map<string, string>;
  /** Requests that took effect, once for each key. */
  readonly effects: Map<string, Asked>;
  guard: Guard;
  /** Says before anything else what to answer; `hang up` acts and then closes without a word; undefined goes on. */
  before: (asked: Asked, count: number) => Told | 'act and hang up' | undefined;
  /** A person changes an order; the text is replaced and its revision counts up. */
  change(path: string, edit: (order: Record<string, unknown>) => void): void;
  close(): Promise<void>;
}

export const startFakeRestTms = async (): Promise<FakeRestTms> => {
  const versions = new Map<string, number>();
  const tagOf = (path: string): string => `"v${versions.get(path) ?? 0}"`;
  const put = (path: string, text: string): void => {
    const { revision: before = 0 } = JSON.parse(tms.orders.get(path) ?? '{}') as { revision?: number };
    const revision = before + 1;
    versions.set(path, (versions.get(path) ?? 0) + 1);
    tms.orders.set(path, text.replace(/"revision":\s*\d+/, `"revision": ${revision}`));
  };

  const act = (asked: Asked): Told => {
    const { method, path, headers, body } = asked;
    const order = tms.orders.get(path);
    if (method === 'GET') {
      if (order === undefined) return { status: 404, body: '{"error":"unknown"}' };
      return {
        status: 200,
        body: order,
        headers: {
          'content-type': 'application/json',
          ...(tms.guard === 'etag' ? { etag: tagOf(path) } : {}),
        },
      };
    }
    if (method === 'PUT' && order !== undefined) {
      if (tms.guard === 'etag' && headers['if-match'] !== tagOf(path)) return { status: 412 };
      const said = (JSON.parse(body) as { revision?: number }).revision;
      if (tms.guard === 'revision' && said !== (JSON.parse(order) as { revision?: number }).revision)
        return { status: 409 };
      put(path, body);
      return { status: 200, body: '{}' };
    }
    const key = String(headers['idempotency-key']);
    if (!tms.effects.has(key)) tms.effects.set(key, asked);
    return { status: 201, body: '{"ok":true}' };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      tms.asked.push(asked);
      const said = tms.before(asked, tms.asked.length);
      if (said === 'act and hang up') {
        act(asked);
        request.socket.destroy();
        return;
      }
      const { status, body, headers } = said ?? act(asked);
      response.writeHead(status, headers);
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tms: FakeRestTms = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    asked: [],
    orders: new Map(),
    effects: new Map(),
    guard: 'etag',
    before: () => undefined,
    change: (path, edit) => {
      const order = JSON.parse(tms.orders.get(path) ?? '{}') as Record<string, unknown>;
      edit(order);
      put(path, JSON.stringify(order));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return tms;
};
