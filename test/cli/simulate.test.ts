import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Differences, RunDiff } from '../../cli/run-diff.ts';
import { type SimulatedMessage, simulatedRun } from '../../cli/simulated-run.ts';
import { simulationInput } from '../../cli/simulation-input.ts';
import type { SimulationSummary } from '../../cli/simulation-summary.ts';
import type { Action } from '../../domain/action.ts';
import { actionResults, actions, decisions } from '../../pipelines/topics.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { modelRegistry } from '../../models/registry.ts';
import { openStoppedLine } from '../../runtime/wire/stopped-line.ts';
import { readRecorded } from '../../sources/replay/recorded-file.ts';
import { rowsOf } from '../../runtime/log/topic-rows.ts';
import { decisionOf, resultOf } from '../domain/case-story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { config, documentAt, minutesIn, newDataFolder, startLine } from './recorded-folder.ts';
import { feed } from '../../cli/recorded-line.ts';
import { forewarn } from './run-cli.ts';

const recorded = async (folder: string, shipmentsPerDay = 120): Promise<string> => {
  const file = join(folder, 'day.ndjson');
  await forewarn('record', file, '--days', '1', '--shipments-per-day', String(shipmentsPerDay));
  return file;
};

const edit = async (file: string, from: string, to: string): Promise<void> => {
  const before = await readFile(file, 'utf8');
  expect(before).toContain(from);
  await writeFile(file, before.replace(from, to));
};

/**
 * Two shipments that leave in time and are delivered six hours late; the first one is damaged on the way. Of two more nobody
 * hears before their promise has passed, at 40 and at 50 hours.
 */
const fourShipments = async (folder: string): Promise<string> => {
  const hour = 60;
  const both = ['S-1', 'S-2'];
  const json = (row: object): string => JSON.stringify(row);
  const plan = (shipmentId: string) => ({
    type: 'plan',
    shipmentId,
    at: minutesIn(0),
    customerId: 'acme',
    carrier: 'EXFR',
    mode: 'ltl',
    service: 'standard',
    lane: 'CHI-CMH',
    legs: [
      {
        carrier: 'EXFR',
        mode: 'ltl',
        from: 'CHI',
        to: 'CMH',
        departAt: minutesIn(hour),
        arriveAt: minutesIn(20 * hour),
      },
    ],
    milestones: [
      { key: 'pickup', kind: 'pickup', leg: 0, plannedAt: minutesIn(hour) },
      { key: 'delivery', kind: 'delivery', leg: 0, plannedAt: minutesIn(20 * hour) },
    ],
    promisedAt: minutesIn(24 * hour),
    valueMinor: 900_000,
    currency: 'USD',
  });
  const scan = (shipmentId: string, minutes: number, more: object) => ({
    type: 'tracking',
    shipmentId,
    at: minutesIn(minutes),
    carrier: 'EXFR',
    ...more,
  });
  const documents = both.flatMap((shipmentId) => [
    documentAt(0, `${shipmentId}-plan`, json(plan(shipmentId))),
    documentAt(hour, `${shipmentId}-out`, json(scan(shipmentId, hour, { status: 'picked_up' }))),
    documentAt(30 * hour, `${shipmentId}-in`, json(scan(shipmentId, 30 * hour, { status: 'delivered' }))),
  ]);
  const damaged = {
    status: 'information',
    category: 'damage',
    effect: 'damaged',
    cause: 'cargo',
    party: 'carrier',
  };
  documents.push(documentAt(3 * hour, 'damaged', json(scan('S-1', 3 * hour, damaged))));
  for (const [shipmentId, hours] of [
    ['S-3', 40],
    ['S-4', 50],
  ] as const)
    documents.push(
      documentAt(hours * hour, shipmentId, json({ ...plan(shipmentId), at: minutesIn(hours * hour) })),
    );
  const file = join(folder, 'history.ndjson');
  await writeFile(
    file,
    documents
      .toSorted((a, b) => a.heardAt - b.heardAt)
      .map((one) => `${json(one)}\n`)
      .join(''),
  );
  return file;
};

interface Simulation {
  readonly was: SimulationSummary;
  readonly is: SimulationSummary;
  readonly diff: RunDiff & { readonly messages: Differences<SimulatedMessage> };
}

const simulate = async (
  folder: string,
  ...words: readonly string[]
): Promise<Simulation & { readonly out: string }> => {
  const written = join(folder, 'difference.json');
  const { out, err, code } = await forewarn('simulate', ...words, '--write', written);
  expect([err, code]).toEqual(['', 0]);
  return { out, ...(JSON.parse(await readFile(written, 'utf8')) as Simulation) };
};

describe('forewarn simulate', () => {
  it('gives the same bytes when nothing has changed, and says so', async () => {
    const file = await recorded(await tempFolder());
    const history = await simulationInput(file, config, Infinity);
    const run = (): Promise<unknown> => simulatedRun(history, { config, from: null, note: () => undefined });
    const [first, second] = [await run(), await run()];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));

    const folder = await tempFolder();
    const rules = join(folder, 'rules');
    await cp(join(packageRoot, 'rules'), rules, { recursive: true });
    // Between those hours only the third shipment is new, and nothing ends.
    const [from, to] = [31, 45].map((hours) => new Date(minutesIn(hours * 60)).toISOString());
    const span = ['--from', from!, '--to', to!];
    const { out, was, is } = await simulate(folder, await fourShipments(folder), '--rules', rules, ...span);
    expect(out).toMatch(/nothing differs$/);
    expect(is).toEqual(was);
    expect(was).toMatchObject({ exceptions: 1, shipmentsEnded: 0 });
  });

  it('lets time pass to the end of the period where something is known of later, and else not', async () => {
    const file = await fourShipments(await tempFolder());
    const run = async (hours: number) => {
      const history = await simulationInput(file, config, minutesIn(hours * 60));
      const { exceptions } = await simulatedRun(history, { config, from: null, note: () => undefined });
      const late = exceptions.filter(({ category }) => category === 'delay');
      return { ...history, late: late.map(({ shipmentId }) => shipmentId).toSorted() };
    };
    // Two are not delivered at 24 hours as promised, of which no document tells before they are at 30.
    expect(await run(23)).toMatchObject({ quietUntil: minutesIn(23 * 60), late: [] });
    expect(await run(29)).toMatchObject({ quietUntil: minutesIn(29 * 60), late: ['S-1', 'S-2'] });
    expect(await run(51)).toMatchObject({ quietUntil: null });
  });

  it('says what other rules would do otherwise: exceptions, actions, messages, breaches, cost', async () => {
    const folder = await tempFolder();
    const file = await fourShipments(folder);
    const rules = join(folder, 'rules');
    await cp(join(packageRoot, 'rules'), rules, { recursive: true });
    // Damage is less grave, its customer hears of it at 95 only, and asking for proof costs something.
    const damage = join(rules, 'playbooks', 'damage.yaml');
    await edit(join(rules, 'taxonomy.yaml'), 'defaultSeverity: 84', 'defaultSeverity: 70');
    await edit(
      damage,
      'damage_reported\n    authority: auto',
      'damage_reported\n    authority: auto\n    guard: { minSeverity: 95 }',
    );
    await edit(damage, 'expect: [tell_customer, ask_for_proof]', 'expect: [ask_for_proof]');
    await edit(
      damage,
      'template: photos_and_inspection_report',
      'template: photos_and_inspection_report\n    costMinor: 700',
    );
    // And standard customers give us a day of grace.
    await edit(join(rules, 'sla.yaml'), 'graceMin: 120', 'graceMin: 1440');
    const { out, was, is, diff } = await simulate(folder, file, '--rules', rules);
    expect(was).toMatchObject({ exceptions: 5, breaches: 2, missed: 2, caught: 0, toldInTime: 1, cost: {} });
    expect(is).toMatchObject({
      exceptions: 5,
      breaches: 0,
      missed: 0,
      caught: 0,
      toldInTime: 0,
      cost: { USD: 700 },
    });
    expect([is.actions - was.actions, is.messages - was.messages]).toEqual([-1, -1]);
    expect(diff.exceptions.counts).toEqual({ damage: { added: 0, removed: 0, changed: 1, all: 1 } });
    expect(diff.actions.counts).toEqual({
      notify_customer: { added: 0, removed: 1, changed: 0, all: 4 },
    });
    expect(diff.messages.removed).toMatchObject([{ template: 'damage_reported', customerId: 'acme' }]);
    expect(out).toMatch(/^promises broken, then +2 +0 +−2$/m);
    expect(out).toMatch(/^cost, USD +0\.00 +7\.00 +\+7\.00$/m);
  });

  it('says what another version of the model would do otherwise', async () => {
    const folder = await tempFolder();
    const file = await fourShipments(folder);
    // The same trees, and an alarm at the slightest risk.
    const models = join(folder, 'models');
    await cp(config.models.folder, models, { recursive: true });
    const champion = String((await modelRegistry(models).aliases('late-delivery')).champion);
    await cp(join(models, 'late-delivery', champion), join(models, 'late-delivery', 'eager'), {
      recursive: true,
    });
    const signature = join(models, 'late-delivery', 'eager', 'signature.json');
    const said = JSON.parse(await readFile(signature, 'utf8')) as object;
    await writeFile(signature, JSON.stringify({ ...said, version: 'eager', threshold: 0.000_001 }));
    await writeFile(join(folder, 'forewarn.yaml'), JSON.stringify({ models: { folder: models } }));
    const { out, was, is, diff } = await simulate(
      folder,
      file,
      '--model',
      'late-delivery@eager',
      '--config',
      join(folder, 'forewarn.yaml'),
    );
    expect([was.model, is.model]).toEqual([`late-delivery@${champion}`, 'late-delivery@eager']);
    expect(was).toMatchObject({ breaches: 2, caught: 0, missed: 2 });
    expect(is).toMatchObject({ breaches: 2, caught: 2, missed: 0 });
    // The same two delays, seen a day before their promise.
    expect(diff.exceptions.counts).toMatchObject({ delay: { added: 0, removed: 0, changed: 2 } });
    for (const { before, now } of diff.exceptions.changed) {
      expect(now.raisedAt).toBeLessThan(minutesIn(60));
      expect(before.raisedAt).toBeGreaterThan(minutesIn(24 * 60));
    }
    expect(out).toMatch(/^… predicted before +0 +2 +\+2$/m);
    const unknown = await forewarn('simulate', file, '--model', 'late-delivery@none');
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('FW601')]);
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
    const { records: history } = await simulationInput(undefined, { ...config, dataFolder: data }, Infinity);
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
