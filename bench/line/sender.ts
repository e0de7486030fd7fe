import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';

/*
 * A worker thread that posts documents, so that the sender's work does not stand in the way of the line's own
 * thread. Times are performance.timeOrigin + performance.now(): one clock for all threads of the process.
 */
export interface Outgoing {
  readonly source: string;
  readonly contentType: string;
  readonly documentId: string;
  readonly text: string;
  /** Recorded input says when it was heard. */
  readonly heardAt?: number;
}

export interface SendOrder {
  readonly url: string;
  readonly documents: readonly Outgoing[];
  readonly connections: number;
  /** Documents a second, whether or not earlier ones were answered; null: as fast as answers come. */
  readonly perSec: number | null;
}

/** By position in the order: when the first byte was to leave, when it left, and when 202 came (NaN: it did not). */
export interface Sent {
  readonly dueAt: Float64Array;
  readonly sentAt: Float64Array;
  readonly answeredAt: Float64Array;
}

const now = (): number => performance.timeOrigin + performance.now();

const post = ({ source, contentType, documentId, text, heardAt }: Outgoing, url: string, agent: Agent) =>
  new Promise<number>((resolve) => {
    const body = Buffer.from(text);
    const headers = {
      'content-type': contentType,
      'content-length': body.length,
      'webhook-id': documentId,
      ...(heardAt === undefined ? {} : { 'x-forewarn-heard-at': heardAt }),
    };
    const outgoing = request(`${url}/v1/ingest/${source}`, { method: 'POST', agent, headers }, (response) => {
      response.on('error', () => resolve(NaN));
      response.on('end', () => resolve(response.statusCode === 202 ? now() : NaN));
      response.resume();
    });
    outgoing.on('error', () => resolve(NaN));
    outgoing.end(body);
  });

const send = async ({ url, documents, connections, perSec }: SendOrder): Promise<Sent> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { length } = documents;
  const [dueAt, sentAt, answeredAt] = [length, length, length].map((size) => new Float64Array(size));
  const sent: Sent = { dueAt: dueAt!, sentAt: sentAt!, answeredAt: answeredAt! };
  const begun = now();
  const one = async (index: number): Promise<void> => {
    sent.sentAt[index] = now();
    sent.dueAt[index] = perSec === null ? sent.sentAt[index] : begun + (index * 1_000) / perSec;
    sent.answeredAt[index] = await post(documents[index]!, url, agent);
  };
  let next = 0;
  if (perSec === null) {
    const lane = async (): Promise<void> => {
      while (next < length) await one(next++);
    };
    await Promise.all(Array.from({ length: connections }, lane));
  } else {
    const open: Promise<void>[] = [];
    while (next < length) {
      const dueBy = Math.min(length, Math.floor(((now() - begun) * perSec) / 1_000) + 1);
      while (next < dueBy) open.push(one(next++));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(open);
  }
  agent.destroy();
  return sent;
};

parentPort?.on('message', (order: SendOrder) => {
  void send(order).then((sent) => parentPort?.postMessage(sent));
});
