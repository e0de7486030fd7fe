import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../models/training/seeded-random.ts';
import { type LineRun, recordedDays, runLine, tableNames } from '../test/system/line-run.ts';
import type { Kill } from '../test/system/play-day.ts';
import { hasEmbeddedClickHouse, killLeftovers } from '../test/system/running-line.ts';
import { firstDifferences, rowsOf, withTables } from '../test/system/table-contents.ts';
import type { Part } from './part.ts';

/** `FOREWARN_SIGKILLS=10` asks for fewer, `FOREWARN_SIGKILL_DAYS=1` for less of the world, `_SEED` for other moments. */
const KILLS = Number(process.env['FOREWARN_SIGKILLS'] ?? 50);
const SEED = Number(process.env['FOREWARN_SIGKILL_SEED'] ?? 1);
const DAYS = Number(process.env['FOREWARN_SIGKILL_DAYS'] ?? 3);
/** Longer than a document needs from its append to its webhook. */
const LATER_MS = 400;
const moments = ['while sending', 'while sending', 'before an answer', 'after an answer'] as const;

/** Spread over the days by chance; a decision is too seldom to wait for one every time. */
const killsBy = (seed: number, documents: number): readonly Kill[] => {
  const random = seededRandom(seed);
  return Array.from({ length: KILLS }, () => ({
    after: 1 + Math.floor(random() * documents * 0.95),
    moment: moments[Math.floor(random() * moments.length)]!,
    laterMs: Math.floor(random() * LATER_MS),
  })).sort((a, b) => a.after - b.after);
};

const violationsOf = async (undisturbed: LineRun, disturbed: LineRun): Promise<readonly string[]> => {
  const violations: string[] = [];
  const { played, receiver } = disturbed;
  if (played.killed.length < KILLS)
    violations.push(`it was killed ${played.killed.length} times, not ${KILLS}`);
  if (played.end.code !== 0) violations.push(`it ended with ${JSON.stringify(played.end)}`);
  const before = undisturbed.receiver.received;
  for (const key of before.keys()) if (!receiver.received.has(key)) violations.push(`${key} was lost`);
  for (const [key, { bodies, deliveries }] of receiver.received) {
    if (!before.has(key)) violations.push(`${key} was sent, and is not in the undisturbed run`);
    if (bodies.size !== 1) violations.push(`${key} was sent with ${bodies.size} bodies`);
    const mayRepeat = receiver.unanswered.has(key) || played.answeredInVain.has(key);
    if (!mayRepeat && deliveries !== 1) violations.push(`${key} was answered, and came ${deliveries} times`);
  }
  const letters = await withTables(disturbed.data, (client) => rowsOf(client, 'dead_letters'));
  const dead = letters.filter((row) => row.includes('"FW720"'));
  if (dead.length > 0) violations.push(`${dead.length} actions used up their attempts: ${dead[0]}`);
  for (const table of tableNames) {
    const wanted = undisturbed.contents[table]!;
    const found = disturbed.contents[table]!;
    if (wanted.hash === found.hash && wanted.rows === found.rows) continue;
    const [here, there] = [
      await withTables(undisturbed.data, (client) => rowsOf(client, table)),
      await withTables(disturbed.data, (client) => rowsOf(client, table)),
    ];
    violations.push(`table ${table}: ${firstDifferences(here, there)}`);
  }
  return violations;
};

/** The whole line in a process of its own, killed by the system again and again, against a receiver that counts. */
export const sigkills: Part = {
  name: 'sigkills',
  about: `forewarn run is killed by the system ${KILLS} times in ${DAYS} days: every key once, the same tables`,
  run: async (print) => {
    if (!hasEmbeddedClickHouse()) return { passed: 0, failed: 0, skipped: 1 };
    const documents = recordedDays(DAYS);
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-sigkills-'));
    const runs: LineRun[] = [];
    try {
      const undisturbed = await runLine({ folder, name: 'undisturbed', documents });
      runs.push(undisturbed);
      const { busyAfter } = undisturbed.played;
      const kills = killsBy(SEED, documents.length);
      const disturbed = await runLine({ folder, name: 'disturbed', documents, busyAfter, kills });
      runs.push(disturbed);
      const violations = await violationsOf(undisturbed, disturbed);
      for (const violation of violations) print(`seed ${SEED}: ${violation}`);
      const { received } = disturbed.receiver;
      const deliveries = [...received.values()].reduce((sum, one) => sum + one.deliveries, 0);
      print(
        `${disturbed.played.killed.length} kills, ${documents.length} documents, ${received.size} keys in ${deliveries} deliveries, ${undisturbed.tookSec} s undisturbed and ${disturbed.tookSec} s killed`,
      );
      return { passed: violations.length === 0 ? 1 : 0, failed: violations.length === 0 ? 0 : 1, skipped: 0 };
    } finally {
      killLeftovers();
      for (const { receiver } of runs) await receiver.close();
      // What was killed may still be ending.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    }
  },
};
