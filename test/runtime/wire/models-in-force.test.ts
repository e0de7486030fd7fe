import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rowsOf } from '../../../runtime/log/topic-rows.ts';
import type { ModelDecisionKind } from '../../../domain/model-decision.ts';
import { modelRegistry, type ModelRegistry } from '../../../models/registry.ts';
import { train } from '../../../models/training/train.ts';
import { modelDecisions, modelsInForce, partitionsByTopic } from '../../../pipelines/topics.ts';
import { wallClock } from '../../../runtime/clock.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { modelDesk } from '../../../runtime/wire/model-desk.ts';
import { startModelsInForce } from '../../../runtime/wire/models-in-force.ts';
import { noisyRows } from '../../models/training/noisy-rows.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const { matrix, labels, rows, columns } = noisyRows(200, 5);

let registry: ModelRegistry;
let log: EmbeddedLog;
let versions: readonly string[];
let folder: string;

const open = (): Promise<EmbeddedLog> =>
  EmbeddedLog.open({ folder: join(folder, 'log'), topics: partitionsByTopic(2), time: () => wallClock });

beforeEach(async () => {
  folder = await tempFolder();
  registry = modelRegistry(join(folder, 'models'));
  versions = await Promise.all(
    [1, 2, 3].map((trees) =>
      registry.publish('late', {
        trained: train({ matrix, rows, columns, labels }, { objective: 'binary', trees }),
        features: ['a', 'b', 'c', 'd', 'e'],
        threshold: 0.4,
        card: { trees },
      }),
    ),
  );
  log = await open();
});
afterEach(async () => log.close());

const by = (kind: ModelDecisionKind, version: string) => ({
  model: 'late',
  kind,
  version,
  by: 'Dana',
  reason: 'because',
  numbers: { gain: 0.01 },
});
const told = async () => {
  const found = [];
  for await (const { models } of rowsOf(log, modelsInForce)) found.push(models['late']);
  return found;
};
const decided = async () => {
  const found: string[] = [];
  for await (const { kind, version } of rowsOf(log, modelDecisions)) found.push(`${kind} ${version}`);
  return found;
};

describe('startModelsInForce', () => {
  it('tells the log what is in force, once, and each decision with its numbers', async () => {
    const [first, second] = versions as [string, string];
    const control = await startModelsInForce({ log, registry });
    await control.decide(by('promoted', first));
    await control.decide(by('challenged', second));
    await control.decide(by('promoted', second));
    await startModelsInForce({ log, registry });
    expect(await told()).toEqual([
      { champion: null, challenger: null, shadow: null },
      { champion: first, challenger: null, shadow: null },
      { champion: first, challenger: second, shadow: null },
      { champion: second, challenger: null, shadow: first },
    ]);
    expect(control.inForce()['late']).toEqual({ champion: second, challenger: null, shadow: first });
    expect(await decided()).toEqual([`promoted ${first}`, `challenged ${second}`, `promoted ${second}`]);
  });

  it('tells at the next start what was decided while nobody ran, or told nobody before a crash', async () => {
    const [first, second] = versions as [string, string];
    await startModelsInForce({ log, registry }).then((control) => control.decide(by('promoted', first)));
    await registry.decide({ ...by('promoted', second), at: 5 });
    await log.close();
    log = await open();
    await startModelsInForce({ log, registry });
    expect((await told()).at(-1)).toEqual({ champion: second, challenger: null, shadow: first });
    expect(await decided()).toEqual([`promoted ${first}`, `promoted ${second}`]);
  });

  it('tells a model that comes from nowhere', async () => {
    const control = await startModelsInForce({ log, registry });
    await registry.publish('eta', {
      trained: train({ matrix, rows, columns, labels }, { objective: 'binary', trees: 1 }),
      features: ['a', 'b', 'c', 'd', 'e'],
      threshold: 0.4,
      card: {},
    });
    await control.decide(by('promoted', versions[0]!));
    expect(Object.keys(control.inForce())).toEqual(['eta', 'late']);
  });
});

describe('modelDesk', () => {
  it('lists, shows, and goes back to the champion before', async () => {
    const [first, second, third] = versions as [string, string, string];
    const control = await startModelsInForce({ log, registry });
    const desk = modelDesk(registry, control.decide, () => expect.fail('nothing is compared here'));
    const words = { by: 'Dana', reason: 'because' };
    await desk.decide({ model: 'late', kind: 'promoted', version: first.slice(0, 6), ...words });
    await desk.decide({ model: 'late', kind: 'promoted', version: second, ...words });
    const [listed] = await desk.list();
    expect(listed?.aliases).toEqual({ champion: second, challenger: null, shadow: first });
    const lastOf = new Map(listed?.versions.map(({ version, last }) => [version, last?.kind ?? null]));
    expect(lastOf).toEqual(
      new Map([
        [first, 'promoted'],
        [second, 'promoted'],
        [third, null],
      ]),
    );
    expect(await desk.show('late', 'champion')).toMatchObject({ version: second, card: { trees: 2 } });
    await desk.decide({ model: 'late', kind: 'rolled_back', ...words });
    expect(control.inForce()['late']?.champion).toBe(first);
    await expect(desk.decide({ model: 'late', kind: 'rolled_back', ...words })).rejects.toThrow(
      /^FW601 .*no version was champion before/,
    );
    await expect(desk.show('late', 'zzz')).rejects.toThrow(/^FW601 .*there is no version "zzz"/);
  });
});
