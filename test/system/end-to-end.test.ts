import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineRun, recordedDays, runLine, tableNames } from './line-run.ts';
import type { Kill } from './play-day.ts';
import { canRunLine, killLeftovers } from './running-line.ts';
import { firstDifferences, rowsOf, withTables } from './table-contents.ts';

/** What the simulated world sends nothing of, and what is only there when a plan comes late. */
const notSent: ReadonlySet<string> = new Set([
  'weather_observations',
  'road_status',
  'carrier_updates',
  'port_calls',
  'vessel_positions',
  'tms_changes',
  'outcome_reports',
  'identity_findings',
  'edi_findings',
  // A label is known days after its promise, and of recorded time nobody learns.
  'labelled',
  'model_decisions',
  'drift_findings',
  'model_qualities',
  'retrainings',
]);

describe.skipIf(!canRunLine())('the whole line, killed and started again', () => {
  const documents = recordedDays(2);
  const shareOf = (share: number): number => Math.round(documents.length * share);
  const kills: readonly Kill[] = [
    { after: shareOf(0.3), moment: 'while sending' },
    { after: shareOf(0.45), moment: 'after an answer' },
    { after: shareOf(0.6), moment: 'before an answer' },
    { after: shareOf(0.7), moment: 'after a decision' },
    { after: shareOf(0.85), moment: 'while sending' },
  ];
  let folder: string;
  let undisturbed: LineRun;
  let disturbed: LineRun;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-system-'));
    undisturbed = await runLine({ folder, name: 'undisturbed', documents });
    const { busyAfter } = undisturbed.played;
    disturbed = await runLine({ folder, name: 'disturbed', documents, busyAfter, kills });
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
    // Recorded time has no rules but those it began with, so nothing changes that an audit would name.
    for (const table of tableNames)
      if (table !== 'audits' && !notSent.has(table))
        expect(undisturbed.contents[table]?.rows, table).toBeGreaterThan(0);
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
    const tookSec = { undisturbed: undisturbed.tookSec, disturbed: disturbed.tookSec };
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
