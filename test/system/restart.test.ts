import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionView, BoardView } from '../../console/page/contract.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { until } from '../support/until.ts';
import {
  type Exit,
  canRunLine,
  killLeftovers,
  type RunningLine,
  startCommand,
  startLine,
} from './running-line.ts';
import { withTables } from './table-contents.ts';

const startAt = '2026-01-05T00:00:00Z';
const worldDays = 2;
/** Two busy days in half a minute, then slowly: what waits for approval is still there after a restart. */
const configuration = (rules: string): string => `
rules: ${rules}
sources:
  simulated: { seed: 5, startAt: '${startAt}', shipmentsPerDay: 300, warmUpDays: ${worldDays}, warmSpeedUp: 5000, speedUp: 20 }
clickhouse: { flushMs: 200 }
`;
const stopWithinMs = 10_000;
/** Of the world's time: nine minutes at 20 times the speed, which no restart takes. */
const restartMs = 3 * 3_600_000;

/** The shipped rules with people who may take half a day, so that at any time something waits for them. */
const patientRules = async (folder: string): Promise<string> => {
  const rules = join(folder, 'rules');
  await cp(join(packageRoot, 'rules'), rules, { recursive: true });
  for (const name of await readdir(join(rules, 'playbooks'))) {
    const file = join(rules, 'playbooks', name);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replaceAll(/(?<until>approve: .*within: )(?:30m|45m|60m|2h|4h)/g, '$<until>12h'),
    );
  }
  return rules;
};

interface Status {
  readonly at: number;
  readonly tasks: readonly { readonly epoch: number }[];
}

const statusOf = async ({ url }: RunningLine): Promise<Status> =>
  (await fetch(`${url}/v1/status`)).json() as Promise<Status>;
const boardOf = async ({ url }: RunningLine): Promise<BoardView> =>
  (await fetch(`${url}/v1/exceptions?state=all&limit=1000`)).json() as Promise<BoardView>;
const epochsOf = ({ tasks }: Status): number => tasks.reduce((sum, { epoch }) => sum + epoch, 0);
const actionsOf = ({ rows, recent }: BoardView): ReadonlyMap<string, ActionView> =>
  new Map([...rows, ...recent].flatMap(({ actions }) => actions).map((action) => [action.id, action]));

/** One line of what a command printed; all of it when it is not one. */
const onlyLine = (printed: string): string =>
  printed.trim().includes('\n') ? `not one line: ${printed}` : printed;

const canRun = canRunLine();

describe.skipIf(!canRun)('a simulated world that is stopped and started again', () => {
  let folder: string;
  let config: string;
  let data: string;
  let stopped: {
    readonly status: Status;
    readonly board: BoardView;
    readonly tookMs: number;
    readonly exit: Exit;
    readonly printed: string;
  };
  let line: RunningLine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-restart-'));
    config = join(folder, 'forewarn.yaml');
    data = join(folder, 'data');
    await writeFile(config, configuration(await patientRules(folder)));
    line = await startLine({ config, data });
    await until(
      'two days have passed, and something waits for approval that a restart will not be too late for',
      async () => {
        const board = await boardOf(line);
        const { totals, progress } = board;
        const isWarm = progress.at > Date.parse(startAt) + worldDays * 86_400_000;
        const waits = [...actionsOf(board).values()].some(
          ({ state, approvalDueAt, expiresAt }) =>
            state === 'awaiting_approval' &&
            Math.min(approvalDueAt ?? Infinity, expiresAt ?? Infinity) > progress.at + restartMs,
        );
        return isWarm && waits && totals.outcomes > 0;
      },
      240_000,
    );
    const status = await statusOf(line);
    const board = await boardOf(line);
    const begunToStop = performance.now();
    line.send('SIGINT');
    const exit = await line.exited;
    const tookMs = performance.now() - begunToStop;
    stopped = { status, board, tookMs, exit, printed: line.output() };
    line = await startLine({ config, data });
  });

  afterAll(async () => {
    killLeftovers();
    await rm(folder, { recursive: true, force: true });
  });

  it('stopped in order within ten seconds of Ctrl-C', () => {
    expect(stopped.exit, stopped.printed).toEqual({ code: 0, signal: null });
    expect(stopped.tookMs).toBeLessThan(stopWithinMs);
    expect(stopped.printed).toContain('stopped; the next start continues here');
  });

  it('shows what waited for approval, and goes on from there', async () => {
    const now = await boardOf(line);
    const before = actionsOf(stopped.board);
    const after = actionsOf(now);
    const waited = [...before.values()].filter(({ state }) => state === 'awaiting_approval');
    expect(waited.length).toBeGreaterThan(0);
    for (const { id, version } of waited) {
      const found = after.get(id);
      expect(found, id).toBeDefined();
      // Time has gone on a little: someone's approval may have come too late meanwhile.
      if (found?.version === version) expect(found.state).toBe('awaiting_approval');
      else expect(found?.version).toBeGreaterThan(version);
    }
    expect([...after.values()].some(({ state }) => state === 'awaiting_approval')).toBe(true);
    expect(now.totals.raised).toBeGreaterThanOrEqual(stopped.board.totals.raised);
    expect(now.totals.outcomes).toBeGreaterThanOrEqual(stopped.board.totals.outcomes);
    expect(now.progress.at).toBeGreaterThan(stopped.board.progress.at);
    await until(
      'new documents have been worked on',
      async () => epochsOf(await statusOf(line)) > epochsOf(stopped.status),
      120_000,
    );
  });

  it('refuses a data folder that is in use, in one line', async () => {
    const second = startCommand(['run', '--config', config, '--data', data, '--port', '0'], {});
    expect(await second.exited, second.output()).toEqual({ code: 1, signal: null });
    const said = onlyLine(second.output());
    expect(said).toMatch(
      /^FW104 data folder .+: process \d+ has it; stop that one or give another --data\n$/,
    );
    expect(said).toContain(`process ${line.pid} `);
    expect((await fetch(`${line.url}/readyz`)).status).toBe(200);
  });

  it('has written every row once, over both lives', async () => {
    line.send('SIGINT');
    expect(await line.exited, line.output()).toEqual({ code: 0, signal: null });
    const counts = await withTables(data, async (client) => {
      const tables = ['exceptions', 'exception_history', 'actions', 'action_history', 'outcomes'];
      const each = tables.map(
        (table) =>
          `SELECT '${table}' AS table, toUInt32(count()) AS rows, toUInt32(uniqExact(id, version)) AS different FROM ${table}`,
      );
      const answer = await client.query({ query: each.join(' UNION ALL '), format: 'JSONEachRow' });
      return answer.json<{ table: string; rows: number; different: number }>();
    });
    for (const { table, rows, different } of counts) {
      expect(rows, table).toBeGreaterThan(0);
      expect(different, table).toBe(rows);
    }
  });
});

describe.skipIf(!canRun)('a forewarn.yaml that does not fit', () => {
  it.each([
    ['http: { port: 99999 }', 'http.port: 99999 is above the most that is allowed; give 65535 or less'],
    ['http: { prot: 8080 }', 'http: "prot" is not a key here; the keys are .+; did you mean port\\?'],
    [
      'destinations: { desk: { url: "http://127.0.0.1:9", secret: "${NOT_SET_ANYWHERE}" } }',
      'destinations.desk.secret: environment variable NOT_SET_ANYWHERE is not set; set it',
    ],
  ])('%s: is refused in one line with file, path, value, rule and mend', async (text, wanted) => {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-config-'));
    const config = join(folder, 'forewarn.yaml');
    await writeFile(config, text);
    const command = startCommand(['run', '--config', config, '--data', join(folder, 'data')], {});
    expect(await command.exited, command.output()).toEqual({ code: 1, signal: null });
    expect(onlyLine(command.output())).toMatch(
      new RegExp(`^FW10[0-9] ${config.replaceAll('.', '\\.')} ${wanted}\n$`),
    );
    await rm(folder, { recursive: true, force: true });
  });
});
