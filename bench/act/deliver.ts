import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { config } from '../../runtime/config/config.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { type Forewarn, startForewarn } from '../../runtime/wire/start-forewarn.ts';
import { eventDocuments, planDocuments, shipmentIds } from '../line/latency-documents.ts';
import { untilSettled } from '../line/start-line.ts';
import { startSender } from '../line/start-sender.ts';
import { withTempFolder } from '../temp-folder.ts';
import type { Received } from './receiver.ts';

const RATES = [20, 100] as const;
const SECONDS = 10;
const BURST = 1_000;
const CONNECTIONS = 32;
const PATIENCE_MS = 120_000;

export interface Delivered {
  /** Events a second; null: all at once. */
  readonly perSec: number | null;
  readonly events: number;
  readonly lost: number;
  /** From the POST of the event being sent to its first webhook arriving, in milliseconds. */
  readonly latency: readonly number[];
  /** From the POST being sent to its 202: what every later figure contains. */
  readonly acknowledged: readonly number[];
  readonly actions: number;
  readonly repeated: number;
  /** From the first POST to the last webhook. */
  readonly seconds: number;
}

const startReceiver = async () => {
  const worker = new Worker(new URL('./receiver.js', import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}/`,
    read: async (): Promise<Received> => {
      worker.postMessage('read');
      const [received] = (await once(worker, 'message')) as [Received];
      return received;
    },
    close: () => worker.terminate(),
  };
};

/** As `run` starts it, with documents by HTTP and every destination at one receiver. */
const startLine = (folder: string, url: string): Promise<Forewarn> => {
  const destination = { url, ratePerSec: 100_000, concurrency: 64 };
  return startForewarn({
    config: config.parse({
      dataFolder: folder,
      rules: join(packageRoot, 'rules'),
      http: { port: 0 },
      sources: { http: true },
      models: { folder: join(packageRoot, 'models', 'registry'), timeoutMs: 60_000 },
      destinations: { 'customer-notifications': destination, tms: destination, desk: destination },
    }),
    environment: process.env,
    note: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
};

/** Events that need an answer at once (damage), at each pace in turn and then in a burst. */
export const measureDelivery = (say: (line: string) => void): Promise<readonly Delivered[]> =>
  withTempFolder(async (folder) => {
    const receiver = await startReceiver();
    const line = await startLine(folder, receiver.url);
    const sender = startSender();
    const sizes = [...RATES.map((rate) => rate * SECONDS), BURST];
    const ids = shipmentIds(sizes.reduce((sum, size) => sum + size, 0));
    const plans = planDocuments(ids, Date.now());
    await sender.send({ url: line.url, documents: plans, connections: 4, perSec: null });
    const measured: Delivered[] = [];
    let from = 0;
    for (const [nth, size] of sizes.entries()) {
      await untilSettled(line);
      const perSec = RATES[nth] ?? null;
      say(`act: ${size} events, ${perSec === null ? 'all at once' : `${perSec} a second`}`);
      const some = ids.slice(from, (from += size));
      const before = await receiver.read();
      const documents = eventDocuments(some, Date.now(), 1);
      const sent = await sender.send({ url: line.url, documents, connections: CONNECTIONS, perSec });
      const giveUpAt = performance.now() + PATIENCE_MS;
      while (!line.settled() && performance.now() < giveUpAt) await sleep(20);
      const after = await receiver.read();
      const arrived = some.flatMap((id, index) => {
        const at = after.firstAt.get(id);
        return at === undefined ? [] : [at - sent.sentAt[index]!];
      });
      measured.push({
        perSec,
        events: size,
        lost: size - arrived.length,
        latency: arrived,
        acknowledged: some.map((_, index) => sent.answeredAt[index]! - sent.sentAt[index]!),
        actions: after.ids - before.ids,
        repeated: after.requests - after.ids - (before.requests - before.ids),
        seconds: (after.lastAt - sent.sentAt[0]!) / 1_000,
      });
    }
    await sender.close();
    await line.stop();
    await receiver.close();
    return measured;
  });
