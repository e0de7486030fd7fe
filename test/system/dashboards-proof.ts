import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@clickhouse/client';
import { packageRoot } from '../../runtime/package-root.ts';
import { type Answer, askClickHouse, askPrometheus, askRules } from './panel-answers.ts';
import { type PanelQuery, queriesOf } from './panel-queries.ts';
import { pause, startPrometheus } from './prometheus-server.ts';

export interface ProofOptions {
  readonly forewarnUrl: string;
  readonly clickhouseUrl: string;
  readonly log: (line: string) => void;
  /** How long panels may stay empty before it is a failure: 120 s by default. */
  readonly patienceMs?: number;
}

export interface Proof {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

const generated = join(packageRoot, 'dashboards', 'generated');
const run = promisify(execFile);

/**
 * Asks a real Prometheus and ClickHouse every question of both dashboards about a running line. A panel passes
 * when its answer holds at least one finite value; an error or an answer that stays empty fails. promtool checks
 * the rules, their tests and the exposition besides.
 */
export const proveDashboards = async (options: ProofOptions): Promise<Proof> => {
  const passed: string[] = [];
  const failed: string[] = [];
  const note = (place: string, answer: Answer): void => {
    const ok = 'values' in answer && answer.values > 0;
    (ok ? passed : failed).push(place);
    const words = 'error' in answer ? answer.error : `${answer.values} values`;
    options.log(`${ok ? 'ok  ' : 'FAIL'} ${place}: ${words}`);
  };
  for (const [place, check] of promtoolChecks(options.forewarnUrl)) note(place, await check());

  const rules = join(generated, 'alerts.yml');
  const prometheus = await startPrometheus(new URL(options.forewarnUrl).host, rules);
  const clickhouse = createClient({ url: options.clickhouseUrl });
  const ask = async (query: PanelQuery): Promise<Answer> =>
    query.language === 'promql' ? askPrometheus(prometheus.url, query) : askClickHouse(clickhouse, query);
  try {
    let open = [...(await panelQueries())];
    const deadline = Date.now() + (options.patienceMs ?? 120_000);
    for (;;) {
      const last = Date.now() >= deadline;
      const empty: PanelQuery[] = [];
      for (const query of open) {
        const answer = await ask(query);
        if (!last && !('error' in answer) && answer.values === 0) empty.push(query);
        else note(query.place, answer);
      }
      if (empty.length === 0) break;
      open = empty;
      await pause(2_000);
    }
    note('alert rules run in Prometheus', await askRules(prometheus.url));
  } finally {
    await clickhouse.close();
    await prometheus.stop();
  }
  options.log(`${passed.length} passed, ${failed.length} failed`);
  return { passed, failed };
};

const panelQueries = async (): Promise<readonly PanelQuery[]> => {
  const files = ['pipeline.json', 'exceptions.json'];
  const texts = await Promise.all(files.map((name) => readFile(join(generated, name), 'utf8')));
  return texts.flatMap(queriesOf);
};

const promtoolChecks = (forewarnUrl: string): readonly (readonly [string, () => Promise<Answer>])[] => [
  ['promtool check rules', () => promtool(['check', 'rules', 'alerts.yml'])],
  ['promtool test rules', () => promtool(['test', 'rules', 'alerts.test.yml'])],
  ['promtool check metrics', async () => checkMetrics(await (await fetch(`${forewarnUrl}/metrics`)).text())],
];

const promtool = async (args: readonly string[]): Promise<Answer> => {
  try {
    await run('promtool', [...args], { cwd: generated });
    return { values: 1 };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
};

/** prom-client's own three gauges end in `_total`; every other complaint is ours. */
const checkMetrics = async (text: string): Promise<Answer> => {
  const checking = run('promtool', ['check', 'metrics']);
  checking.child.stdin?.end(text);
  const { stdout, stderr } = await checking.catch(
    (failure: { stdout?: string; stderr?: string; message?: string }) => ({
      stdout: failure.stdout ?? '',
      stderr: failure.stderr ?? failure.message ?? '',
    }),
  );
  const complaints = `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line !== '' && !/^nodejs_active_\w+_total /.test(line));
  return complaints.length === 0 ? { values: 1 } : { error: complaints.join('; ') };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [forewarnUrl = 'http://127.0.0.1:8080', clickhouseUrl = 'http://127.0.0.1:8123'] =
    process.argv.slice(2);
  const { failed } = await proveDashboards({ forewarnUrl, clickhouseUrl, log: (line) => console.log(line) });
  process.exitCode = failed.length === 0 ? 0 : 1;
}
