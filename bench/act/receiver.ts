import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

/*
 * A worker thread that takes webhooks, so that its work does not stand in the way of the line's own thread. Times are
 * performance.timeOrigin + performance.now(): one clock for all threads of the process.
 */
export interface Received {
  /** When the first action for each shipment came. */
  readonly firstAt: ReadonlyMap<string, number>;
  /** Different ids, and requests over all: more requests than ids are repetitions. */
  readonly ids: number;
  readonly requests: number;
  readonly lastAt: number;
}

const firstAt = new Map<string, number>();
const ids = new Set<string>();
let requests = 0;
let lastAt = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const now = performance.timeOrigin + performance.now();
    const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      readonly data: { readonly shipmentId: string };
    };
    requests += 1;
    lastAt = now;
    ids.add(String(request.headers['webhook-id']));
    if (!firstAt.has(event.data.shipmentId)) firstAt.set(event.data.shipmentId, now);
    response.writeHead(204).end();
  });
});

parentPort?.on('message', () => {
  const received: Received = { firstAt, ids: ids.size, requests, lastAt };
  parentPort?.postMessage(received);
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
