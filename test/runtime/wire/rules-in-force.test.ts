import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowsOf } from '../../../runtime/log/topic-rows.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import {
  actions,
  audits,
  partitionsByTopic,
  readingInForce,
  rulesInForce,
  signals,
  tracking,
} from '../../../pipelines/topics.ts';
import { resolve } from '../../../pipelines/resolve.ts';
import { watch } from '../../../pipelines/watch.ts';
import { wallClock, wallTimers } from '../../../runtime/clock.ts';
import { createEngine, type Engine } from '../../../runtime/engine.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { contentOf } from '../../../runtime/rules/watch-rules-folder.ts';
import { silentObserver } from '../../../runtime/task-observer.ts';
import { loadRulesFor } from '../../../runtime/wire/load-rules-for.ts';
import { letterOfFailure } from '../../../runtime/wire/pipelines.ts';
import { loadReadingRules } from '../../../runtime/wire/reading.ts';
import {
  type LoadedRules,
  type RulesControl,
  startRulesInForce,
} from '../../../runtime/wire/rules-in-force.ts';
import { rulesFolder } from '../../rules/shipped-rules.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const destinations = ['customer-notifications', 'tms', 'desk'];

interface Line {
  readonly log: EmbeddedLog;
  readonly control: RulesControl;
  readonly engine: Engine;
  readonly stop: () => Promise<void>;
}

let parent = '';
let folder = '';
/** A file of places that lies outside of the folder of rules. */
let ownPlaces: string | undefined;
let line: Line | undefined;
const notes: string[] = [];

beforeEach(async () => {
  parent = await tempFolder();
  folder = join(parent, 'rules');
  cpSync(rulesFolder, folder, { recursive: true });
  ownPlaces = undefined;
  notes.length = 0;
});
afterEach(async () => {
  await line?.stop();
  line = undefined;
});

const start = async (): Promise<Line> => {
  const log = await EmbeddedLog.open({
    folder: join(parent, 'log'),
    topics: partitionsByTopic(2),
    time: () => wallClock,
  });
  const load = (): LoadedRules => ({
    rules: loadRulesFor(folder, destinations),
    reading: loadReadingRules({ rules: folder, locations: ownPlaces }),
  });
  const besides = ownPlaces === undefined ? [] : [ownPlaces];
  const loaded = contentOf(folder, besides);
  const atStart = load();
  const { rules } = atStart;
  const control = await startRulesInForce({
    log,
    folder,
    locations: ownPlaces,
    atStart,
    loaded,
    load,
    note: (text) => void notes.push(text),
  });
  const failures: unknown[] = [];
  const engine = createEngine({
    pipelines: [watch(rules), resolve(rules)],
    log,
    stateFolder: join(parent, 'state'),
    services: {
      scorer: () => {
        throw new Error('nothing is scored here');
      },
      timers: wallTimers,
    },
    observer: silentObserver,
    wall: wallClock,
    deadLetter: letterOfFailure,
    onError: (error) => void failures.push(error),
    checkpointMs: 10,
  });
  await engine.start();
  return (line = {
    log,
    control,
    engine,
    stop: async () => {
      control.stop();
      await engine.stop();
      await log.close();
      expect(failures).toEqual([]);
    },
  });
};

const edit = (file: string, from: string | RegExp, to: string): void => {
  const before = readFileSync(join(folder, file), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, file), after);
};

/** A carrier reports this of a shipment. */
const report = async ({ log }: Line, shipmentId: string, category: string): Promise<void> => {
  const at = log.closedUntil;
  const row = trackingEvent.parse({
    id: `${shipmentId}:${category}`,
    at,
    heardAt: at,
    source: { feed: 'test', document: 'd', position: 0, decoder: 'test', mapping: null },
    shipmentId,
    status: 'information',
    category,
  });
  await log.append(tracking.name, { key: shipmentId, value: tracking.write(row) });
};

const all = async <T>(log: EmbeddedLog, topic: Parameters<typeof rowsOf<T>>[1]): Promise<readonly T[]> => {
  const rows: T[] = [];
  for await (const row of rowsOf(log, topic)) rows.push(row);
  return rows;
};
const raised = async ({ log }: Line): Promise<readonly string[]> =>
  (await all(log, signals)).map(({ shipmentId }) => shipmentId);
const raisedOf = (running: Line, shipmentId: string): Promise<void> =>
  until(`a signal of ${shipmentId}`, async () => (await raised(running)).includes(shipmentId));

const asNews = (text: 'defaultSeverity: 25' | 'defaultSeverity: 5') =>
  edit('taxonomy.yaml', /(customer_request:\s+family: pickup_delivery\s+)defaultSeverity: \d+/, `$1${text}`);

test('a changed folder is in force for the next record, and the log tells which rules held when', async () => {
  const running = await start();
  const { log, control } = running;
  const first = control.inForce().fingerprint;
  await report(running, 'S1', 'customer_request');
  await raisedOf(running, 'S1');

  asNews('defaultSeverity: 5');
  await until('the new rules are in force', () => control.inForce().fingerprint !== first);
  const second = control.inForce().fingerprint;
  for (const shipment of ['S2', 'S3', 'S4', 'S5']) await report(running, shipment, 'customer_request');
  for (const shipment of ['S2', 'S3', 'S4', 'S5']) await report(running, shipment, 'damage');
  for (const shipment of ['S2', 'S3', 'S4', 'S5']) await raisedOf(running, shipment);
  expect((await all(log, signals)).map(({ category }) => category).toSorted()).toEqual([
    'customer_request',
    'damage',
    'damage',
    'damage',
    'damage',
  ]);

  asNews('defaultSeverity: 25');
  await until('the old rules are back', () => control.inForce().fingerprint === first);
  await report(running, 'S6', 'customer_request');
  await raisedOf(running, 'S6');

  const told = await all(log, rulesInForce);
  expect(told.map(({ rules }) => rules.fingerprint)).toEqual([first, second, first]);
  const entries = (await all(log, audits)).filter(({ subject }) => subject === 'rules');
  expect(entries.map(({ kind, by, before, after }) => ({ kind, by, before, after }))).toEqual([
    { kind: 'rules_loaded', by: 'start', before: null, after: first },
    { kind: 'rules_loaded', by: 'folder', before: first, after: second },
    { kind: 'rules_loaded', by: 'folder', before: second, after: first },
  ]);
  expect(entries[1]?.reason).toBe('taxonomy.yaml categories.customer_request.defaultSeverity 25 → 5');
});

test('the next exception is planned by the new playbook, what was planned before stays', async () => {
  const running = await start();
  const { log, control } = running;
  const first = control.inForce().fingerprint;
  const planned = async (shipmentId: string): Promise<readonly string[]> => [
    ...new Set(
      (await all(log, actions)).filter((row) => row.shipmentId === shipmentId).map(({ step }) => step),
    ),
  ];
  await report(running, 'S1', 'damage');
  await until('S1 has its actions', async () => (await planned('S1')).length === 2);
  edit('playbooks/damage.yaml', 'id: ask_for_proof', 'id: ask_for_photos');
  edit('playbooks/damage.yaml', /(expect: \[tell_customer, )ask_for_proof/g, '$1ask_for_photos');
  await until('the new rules are in force', () => control.inForce().fingerprint !== first);
  await report(running, 'S2', 'damage');
  await until('S2 has its actions', async () => (await planned('S2')).length === 2);
  expect(await planned('S1')).toEqual(['tell_customer', 'ask_for_proof']);
  expect(await planned('S2')).toEqual(['tell_customer', 'ask_for_photos']);
});

test('a category that loses its playbook is told once, when its file is gone and at every start', async () => {
  const gap = 'rules: can be predicted or are of high severity, and fall to the default playbook: weather';
  const running = await start();
  expect(notes).toEqual([]);
  rmSync(join(folder, 'playbooks', 'weather.yaml'));
  await until('the gap is told', () => notes.includes(gap));
  edit('sla.yaml', 'graceMin: 120', 'graceMin: 90');
  expect(await running.control.reload('test')).toMatchObject({ result: 'loaded' });
  expect(notes.filter((note) => note === gap)).toHaveLength(1);
  await running.stop();
  notes.length = 0;
  await start();
  expect(notes).toEqual([gap]);
});

test('a bad file changes nothing, says why in one line, and the line goes on', async () => {
  const running = await start();
  const { log, control } = running;
  const first = control.inForce().fingerprint;
  edit('playbooks/damage.yaml', 'action: request_documents', 'action: requst_documents');
  const refusals = async () => (await all(log, audits)).filter(({ kind }) => kind === 'rules_refused');
  await until('it is refused', async () => (await refusals()).length === 1);
  expect(await refusals()).toMatchObject([
    {
      by: 'folder',
      before: first,
      after: first,
      reason: expect.stringContaining(
        'FW103 rules/playbooks/damage.yaml steps[1].action: "requst_documents" is not one of',
      ),
    },
  ]);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^rules: FW103 .*those in force stay$/);
  expect(control.inForce().fingerprint).toBe(first);
  await report(running, 'S1', 'customer_request');
  await raisedOf(running, 'S1');

  // What may not be sent may not come into force either.
  edit('playbooks/damage.yaml', 'action: requst_documents', 'action: request_documents');
  edit('playbooks/damage.yaml', 'destination: desk', 'destination: dsk');
  expect(await control.reload('api')).toMatchObject({
    result: 'refused',
    reason: expect.stringContaining('did you mean desk?'),
  });
  edit('playbooks/damage.yaml', 'destination: dsk', 'destination: desk');
  expect(await control.reload('api')).toEqual({
    result: 'unchanged',
    fingerprint: first,
    reading: control.reading().fingerprint,
  });
  expect(await all(log, rulesInForce)).toHaveLength(1);
});

test('SIGHUP loads again, and what was in force when it stopped is in force again without another word', async () => {
  const running = await start();
  const first = running.control.inForce().fingerprint;
  // The folder watch may come first: either way it is loaded once.
  edit('sla.yaml', 'graceMin: 120', 'graceMin: 90');
  process.emit('SIGHUP');
  await until('the new rules are in force', () => running.control.inForce().fingerprint !== first);
  const second = running.control.inForce().fingerprint;
  await running.stop();

  const again = await start();
  expect(again.control.inForce().fingerprint).toBe(second);
  expect(await all(again.log, rulesInForce)).toHaveLength(2);
  expect((await all(again.log, audits)).map(({ reason }) => reason)).toEqual([
    'the first rules of this log',
    'the first reading rules of this log',
    'sla.yaml tiers.standard.graceMin 120 → 90',
  ]);
});

test('a folder that changed while nothing ran is in force before anything is read', async () => {
  const running = await start();
  await running.stop();
  asNews('defaultSeverity: 5');
  const again = await start();
  await report(again, 'S1', 'customer_request');
  await report(again, 'S1', 'damage');
  await raisedOf(again, 'S1');
  expect((await all(again.log, signals)).map(({ category }) => category)).toEqual(['damage']);
  expect((await all(again.log, audits)).at(-1)).toMatchObject({ kind: 'rules_loaded', by: 'start' });
});

test('mappings, texts, inputs and places are in force as soon as their files are, and the audit says what changed', async () => {
  ownPlaces = join(parent, 'places.yaml');
  writeFileSync(
    ownPlaces,
    'locations:\n  - { id: dock-7, latitude: 41.9, longitude: -87.6, timeZone: America/Chicago }\n',
  );
  const { log, control } = await start();
  const changes: readonly (readonly [string, () => void, string])[] = [
    [
      'a code',
      () => {
        edit('mappings/x12-990.yaml', /^version: (\d+)$/m, 'version: 90');
        edit('mappings/x12-990.yaml', 'means: ', 'means: now ');
      },
      'mappings/x12-990.yaml version ',
    ],
    [
      'a text',
      () => {
        edit(
          'mappings/texts.yaml',
          /version: \d+[^]*/,
          'version: 91\ntexts: [{ category: damage, says: [broken in two], source: us }]\n',
        );
      },
      'mappings/texts.yaml version ',
    ],
    [
      'an input',
      () => {
        edit('inputs/score-cards.yaml', 'version: 1', 'version: 2');
        edit('inputs/score-cards.yaml', 'zone: America/Chicago', 'zone: America/Denver');
      },
      'inputs/score-cards.yaml version 1 → 2; inputs/score-cards.yaml zone "America/Chicago" → "America/Denver"',
    ],
    [
      'a place of our own',
      () => edit('../places.yaml', 'America/Chicago', 'America/Denver'),
      'locations.yaml dock-7.timeZone "America/Chicago" → "America/Denver"',
    ],
  ];
  for (const [what, change, said] of changes) {
    const before = control.reading().fingerprint;
    change();
    await until(`${what} is in force`, () => control.reading().fingerprint !== before);
    await until(`${what} is audited`, async () =>
      ((await all(log, audits)).at(-1)?.reason ?? '').startsWith(said),
    );
  }
  expect(control.reading().texts?.version).toBe(91);
  expect(control.reading().locations[0]?.timeZone).toBe('America/Denver');
  expect(await all(log, readingInForce)).toHaveLength(1 + changes.length);
  expect(await all(log, rulesInForce)).toHaveLength(1);
});

test('a mapping that says something else under its old version is refused, and a start that finds one says so', async () => {
  const running = await start();
  const before = running.control.reading().fingerprint;
  edit('mappings/x12-990.yaml', 'means: ', 'means: now ');
  expect(await running.control.reload('api')).toMatchObject({
    result: 'refused',
    reason: 'FW103 version of x12-990@1: is in force with other content; count it up, for events name it',
  });
  expect(running.control.reading().fingerprint).toBe(before);
  expect((await all(running.log, audits)).at(-1)).toMatchObject({ kind: 'rules_refused' });
  await running.stop();

  notes.length = 0;
  const again = await start();
  expect(again.control.reading().fingerprint).not.toBe(before);
  expect(notes).toEqual([
    'rules: version of x12-990@1: is in force with other content; count it up, for events name it; taken, as this is a start',
  ]);
});

test('a file of input that does not fit leaves both kinds of rules as they were', async () => {
  const { log, control } = await start();
  asNews('defaultSeverity: 5');
  edit('inputs/score-cards.yaml', 'kind: { value: performance }', 'kind: { vlue: performance }');
  expect(await control.reload('api')).toMatchObject({
    result: 'refused',
    reason: expect.stringMatching(/^FW103 rules\/inputs\/score-cards\.yaml /),
  });
  expect(await all(log, rulesInForce)).toHaveLength(1);
  expect(await all(log, readingInForce)).toHaveLength(1);
});
