import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulatedRun } from '../../cli/simulated-run.ts';
import { simulationInput } from '../../cli/simulation-input.ts';
import type { SimulationSummary } from '../../cli/simulation-summary.ts';
import type { Action } from '../../domain/action.ts';
import { actionResults, actions, decisions } from '../../pipelines/topics.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { openStoppedLine } from '../../runtime/wire/stopped-line.ts';
import { readRecorded } from '../../sources/replay/recorded-file.ts';
import { rowsOf } from '../../runtime/log/topic-rows.ts';
import { decisionOf, resultOf } from '../domain/case-story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { config, newDataFolder, startLine } from './recorded-folder.ts';
import { feed } from '../../cli/recorded-line.ts';
import { forewarn } from './run-cli.ts';

const recorded = async (folder: string, shipmentsPerDay = 120): Promise<string> => {
  const file = join(folder, 'day.ndjson');
  await forewarn('record', file, '--days', '1', '--shipments-per-day', String(shipmentsPerDay));
  return file;
};

describe('forewarn simulate', () => {
  it('gives the same bytes when nothing has changed, and says so', async () => {
    const file = await recorded(await tempFolder());
    const history = await simulationInput(file, config, Infinity);
    const run = (): Promise<unknown> => simulatedRun(history, { config, from: null, note: () => undefined });
    const [first, second] = [await run(), await run()];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));

    const rules = join(await tempFolder(), 'rules');
    await cp(join(packageRoot, 'rules'), rules, { recursive: true });
    const { out } = await forewarn('simulate', file, '--rules', rules);
    expect(out).toMatch(/nothing differs$/);
  });

  it('says what other rules would do otherwise: exceptions, actions, cost, breaches', async () => {
    const folder = await tempFolder();
    const file = await recorded(folder);
    const rules = join(folder, 'rules');
    await cp(join(packageRoot, 'rules'), rules, { recursive: true });
    const playbook = join(rules, 'playbooks', 'delay-predicted.yaml');
    const text = await readFile(playbook, 'utf8');
    // Dearer: every expediting costs ten times as much.
    await writeFile(playbook, text.replaceAll('costMinor: 18000', 'costMinor: 180000'));
    const written = join(folder, 'difference.json');
    const { out } = await forewarn('simulate', file, '--rules', rules, '--write', written);
    const { was, is } = JSON.parse(await readFile(written, 'utf8')) as {
      readonly was: SimulationSummary;
      readonly is: SimulationSummary;
    };
    expect(is.rules).not.toBe(was.rules);
    expect({ ...is, rules: '', cost: {} }).toEqual({ ...was, rules: '', cost: {} });
    expect(was.exceptions).toBeGreaterThan(0);
    expect(is.cost['USD'] ?? 0).toBeGreaterThanOrEqual(was.cost['USD'] ?? 0);
    expect(out).toMatch(/^promises broken, then +\d+ +\d+$/m);
  });

  it('takes the history of a data folder, with what people decided and what came of it', async () => {
    const folder = await tempFolder();
    const file = await recorded(folder);
    const data = await newDataFolder(folder);
    const line = await startLine(data);
    await feed(line, readRecorded(file));
    const asked: Action[] = [];
    for await (const row of rowsOf(line.log, actions)) if (row.state === 'awaiting_approval') asked.push(row);
    const action = asked[0]!;
    const { id, exceptionId, shipmentId } = action;
    const heardAt = line.log.closedUntil + 1;
    const about = { actionId: id, exceptionId, shipmentId, at: heardAt, heardAt };
    const refusal = decisionOf({ ...about, verdict: 'refuse', reason: 'too_costly' });
    await line.log.append(decisions.name, { key: shipmentId, value: decisions.write(refusal) }, { heardAt });
    const result = resultOf({ ...about, id: 'r1', result: 'failed', error: 'gone' });
    await line.log.append(
      actionResults.name,
      { key: shipmentId, value: actionResults.write(result) },
      { heardAt: heardAt + 1 },
    );
    await line.stop();

    const { log, close } = await openStoppedLine(data);
    expect(log.end(decisions.name, log.partitionFor(decisions.name, shipmentId))).toBe(1);
    await close();
    const history = await simulationInput(undefined, { ...config, dataFolder: data }, Infinity);
    expect(history.map(({ topic }) => topic).slice(-2)).toEqual([decisions.name, actionResults.name]);
    expect(history.map(({ heardAt: at }) => at)).toEqual(
      history.map(({ heardAt: at }) => at).toSorted((a, b) => a - b),
    );
  });

  it('refuses to compare what is with itself', async () => {
    const { err, code } = await forewarn('simulate');
    expect(code).toBe(1);
    expect(err).toContain('give one of them');
  });
});
