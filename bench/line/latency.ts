import { setTimeout as sleep } from 'node:timers/promises';
import type { Forewarn } from '../../runtime/wire/start-forewarn.ts';
import { type LoopDelay, watchLoopDelay } from '../loop-delay.ts';
import { quantile } from '../quantile.ts';
import type { Table } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import { eventDocuments, planDocuments, shipmentIds } from './latency-documents.ts';
import { watchExceptions } from './seen-exceptions.ts';
import { startLine, untilSettled } from './start-line.ts';
import { type Sender, startSender } from './start-sender.ts';

const RATES = [50, 200, 500] as const;
const SECONDS = 10;
/** One document in two raises an exception: far more than a real day has. */
const MARK_EVERY = 2;
const CONNECTIONS = 64;
const CHECKPOINT_MS = 250;
const FLUSH_MS = 1_000;
const PATIENCE_MS = 60_000;

export interface Latency {
  readonly perSec: number;
  readonly marked: number;
  readonly lost: number;
  /** Milliseconds from the POST being sent. */
  readonly acknowledged: readonly number[];
  readonly exception: readonly number[];
  readonly row: readonly number[];
  /** How late the sender itself was: beside it a pace that was not kept would look like a fast line. */
  readonly sentLate: readonly number[];
  readonly loop: LoopDelay;
}

const measureAt = async (
  line: Forewarn,
  sender: Sender,
  perSec: number,
  ids: readonly string[],
): Promise<Latency> => {
  const now = Date.now();
  const documents = eventDocuments(ids, now, MARK_EVERY);
  const watching = watchExceptions(line, 'damage');
  const readDelay = watchLoopDelay();
  const sent = await sender.send({ url: line.url, documents, connections: CONNECTIONS, perSec });
  const marked = ids.map((id, nth) => ({ id, nth })).filter(({ nth }) => nth % MARK_EVERY === 0);
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (marked.some(({ id }) => !watching.inTable.has(id)) && performance.now() < giveUpAt) await sleep(20);
  const loop = readDelay();
  await watching.stop();
  const since = (seen: ReadonlyMap<string, number>): number[] =>
    marked.flatMap(({ id, nth }) => (seen.has(id) ? [seen.get(id)! - sent.sentAt[nth]!] : []));
  return {
    perSec,
    marked: marked.length,
    lost: marked.filter(({ id }) => !watching.inTable.has(id)).length,
    acknowledged: marked.map(({ nth }) => sent.answeredAt[nth]! - sent.sentAt[nth]!),
    exception: since(watching.inTopic),
    row: since(watching.inTable),
    sentLate: marked.map(({ nth }) => sent.sentAt[nth]! - sent.dueAt[nth]!),
    loop,
  };
};

/** Each rate in turn against one line in live time, whose shipments are all known before the first event. */
export const measureLatency = (say: (line: string) => void): Promise<readonly Latency[]> =>
  withTempFolder(async (folder) => {
    const line = await startLine(folder, 'live');
    const sender = startSender();
    const total = RATES.reduce((sum, rate) => sum + rate * SECONDS, 0);
    const ids = shipmentIds(total);
    const plans = planDocuments(ids, Date.now());
    await sender.send({ url: line.url, documents: plans, connections: 4, perSec: null });
    const measured: Latency[] = [];
    for (const [nth, perSec] of RATES.entries()) {
      await untilSettled(line);
      say(`line: ${perSec} documents/s for ${SECONDS} s`);
      const from = RATES.slice(0, nth).reduce((sum, rate) => sum + rate * SECONDS, 0);
      measured.push(await measureAt(line, sender, perSec, ids.slice(from, from + perSec * SECONDS)));
    }
    await sender.close();
    await line.stop();
    return measured;
  });

export const latencyTable = (measured: readonly Latency[]): Table => ({
  title: 'Latency: from a POST being sent to what came of it, in live time at a steady pace',
  columns: [
    { name: 'documents/s' },
    { name: 'until' },
    { name: 'samples' },
    { name: 'p50 ms' },
    { name: 'p99 ms' },
    { name: 'max ms' },
    { name: 'p50 × interval', digits: 2 },
    { name: 'p99 × interval', digits: 2 },
  ],
  rows: measured.flatMap(({ perSec, acknowledged, exception, row, sentLate }) =>
    (
      [
        ['202 (durable)', acknowledged, CHECKPOINT_MS],
        ['exception in its topic (durable)', exception, CHECKPOINT_MS],
        ['row in ClickHouse', row, FLUSH_MS],
        ['(sender behind its pace)', sentLate, null],
      ] as const
    ).map(([until, samples, intervalMs]) => {
      const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(samples, share)!);
      const times = (ms: number): number | null => (intervalMs === null ? null : ms / intervalMs);
      return [perSec, until, samples.length, p50!, p99!, max!, times(p50!), times(p99!)];
    }),
  ),
});
