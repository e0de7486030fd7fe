import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '../../sinks/clickhouse/tables.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { createWorld } from '../../sources/simulated/world.ts';
import { contentHash, type TableContent } from '../support/content-hash.ts';
import { type GatedReceiver, startGatedReceiver } from './gated-receiver.ts';
import { type Kill, type Played, playDay } from './play-day.ts';
import { canRunLine, killLeftovers, startLine } from './running-line.ts';
import { firstDifferences, rowsOf, withTables } from './table-contents.ts';

const startAt = Date.parse('2026-01-05T00:00:00Z');
const days = 3;
const tableNames = Object.keys(tables) as readonly (keyof typeof tables)[];

/** Three days of a small world, each document at a millisecond of its own: log time is then what the documents say. */
const recordedDays = (): readonly RecordedDocument[] => {
  const world = createWorld({ seed: 7, startAt, shipmentsPerDay: 60, keepTruth: false });
  let last = 0;
  return world.advance(startAt + days * 86_400_000).map((document) => {
    last = Math.max(last + 1, Math.ceil(document.heardAt));
    return { ...document, heardAt: last };
  });
};

interface Run {
  readonly data: string;
  readonly receiver: GatedReceiver;
  readonly played: Played;
  readonly contents: Readonly<Record<string, TableContent>>;
}

describe.skipIf(!canRunLine())('the whole line, killed and started again', () => {
  const documents = recordedDays();
  const shareOf = (share: number): number => Math.round(documents.length * share);
  const kills: readonly Kill[] = [
    { after: shareOf(0.3), moment: 'while sending' },
    { after: shareOf(0.45), moment: 'after an answer' },
    { after: shareOf(0.6), moment: 'before an answer' },
    { after: shareOf(0.7), moment: 'after a decision' },
    { after: shareOf(0.85), moment: 'while sending' },
  ];
  let folder: string;
  let undisturbed: Run;
  let disturbed: Run;
  const tookSec: Record<string, number> = {};

  const run = async (
    name: string,
    day: Pick<Parameters<typeof playDay>[0], 'busyAfter' | 'kills'>,
  ): Promise<Run> => {
    const receiver = await startGatedReceiver();
    const data = join(folder, name);
    const config = join(folder, `${name}.yaml`);
    await writeFile(config, configuration(receiver.url));
    const environment = { RECEIVER_SECRET: receiver.secret };
    const begun = performance.now();
    const played = await playDay({
      ...day,
      documents,
      receiver,
      start: () => startLine({ config, data, environment }),
    });
    tookSec[name] = Math.round((performance.now() - begun) / 1_000);
    const contents = await withTables(data, async (client) => {
      const all: Record<string, TableContent> = {};
      for (const table of tableNames)
        all[table] = await contentHash(client, table, { final: tables[table].keeps === 'current' });
      return all;
    });
    return { data, receiver, played, contents };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-system-'));
    undisturbed = await run('undisturbed', {});
    disturbed = await run('disturbed', { busyAfter: undisturbed.played.busyAfter, kills });
  });

  afterAll(async () => {
    killLeftovers();
    await undisturbed?.receiver.close();
    await disturbed?.receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('was killed at every moment that was planned, and ended in order', () => {
    expect(disturbed.played.killed).toEqual(kills.map(({ moment }) => moment));
    expect(undisturbed.played.end).toEqual({ code: 0, signal: null });
    expect(disturbed.played.end).toEqual({ code: 0, signal: null });
  });

  it('played a day on which something happened', async () => {
    for (const table of tableNames) expect(undisturbed.contents[table]?.rows, table).toBeGreaterThan(0);
    expect(undisturbed.played.decisions).toBeGreaterThan(5);
    const seen = await withTables(undisturbed.data, async (client) => {
      const answer = await client.query({
        query: `SELECT
          countIf(decided_by = 'Dana' AND state = 'sent') AS approved,
          countIf(state = 'refused') AS refused,
          countIf(state = 'expired') AS expired,
          countIf(state = 'failed') AS failed,
          countIf(state = 'cancelled') AS cancelled,
          countIf(type = 'escalate') AS escalated
        FROM actions FINAL`,
        format: 'JSONEachRow',
      });
      return (await answer.json<Record<string, string>>())[0] ?? {};
    });
    const { busyAfter, decisions } = undisturbed.played;
    const facts = { documents: documents.length, busyAfter: busyAfter.size, decisions, ...seen, tookSec };
    console.log(`played twice: ${JSON.stringify(facts)}`);
    for (const [what, count] of Object.entries(seen)) expect(Number(count), what).toBeGreaterThan(0);
  });

  it.each(tableNames)('left in %s exactly the rows of the undisturbed run', async (table) => {
    const wanted = undisturbed.contents[table];
    const found = disturbed.contents[table];
    const differences =
      wanted?.hash === found?.hash
        ? ''
        : firstDifferences(
            await withTables(undisturbed.data, (client) => rowsOf(client, table)),
            await withTables(disturbed.data, (client) => rowsOf(client, table)),
          );
    expect(found, differences).toEqual(wanted);
  });

  it('sent every webhook under one key with one body, and again only what it was killed over', () => {
    const { receiver, played } = disturbed;
    const before = undisturbed.receiver.received;
    expect([...receiver.received.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [key, { bodies, deliveries }] of before)
      expect([key, bodies.size, deliveries]).toEqual([key, 1, 1]);
    for (const [key, { bodies, deliveries }] of receiver.received) {
      expect([key, bodies.size]).toEqual([key, 1]);
      const mayRepeat = receiver.unanswered.has(key) || played.answeredInVain.has(key);
      if (!mayRepeat) expect([key, deliveries]).toEqual([key, 1]);
    }
    expect(receiver.unanswered.size + played.answeredInVain.size).toBeGreaterThan(0);
  });
});

const configuration = (receiverUrl: string): string => {
  const destination = (name: string): string => `  ${name}:
    url: ${receiverUrl}
    secret: \${RECEIVER_SECRET}
    ratePerSec: 10000
    concurrency: 256
    timeoutMs: 120000
`;
  return `sources: { http: true }
log: { time: recorded }
engine: { checkpointMs: 50, patience: 12h }
clickhouse: { flushMs: 200 }
# On a busy machine a score must not be answered by the fallback in one run and by the model in the other.
models: { timeoutMs: 60000 }
destinations:
${['customer-notifications', 'tms', 'desk'].map(destination).join('')}`;
};
