import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fastify from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { categoriesIn } from '../../runtime/wire/categories.ts';
import { categoryRoutes } from '../../runtime/wire/category-routes.ts';
import { openStoppedLine } from '../../runtime/wire/stopped-line.ts';
import { audits } from '../../pipelines/topics.ts';
import { applyMigrations } from '../../sinks/clickhouse/migrations.ts';
import { textOf } from '../docs/documents.ts';
import { clickHouseForTests } from '../sinks/clickhouse/clickhouse-here.ts';
import { rowsInto } from '../sinks/clickhouse/story-fixture.ts';
import { DAY, eventOf, noonOf } from '../sinks/clickhouse/tracking-fixture.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { documentAt, minutesIn, newDataFolder, runThrough } from './recorded-folder.ts';
import { forewarn } from './run-cli.ts';

const { server, client } = await clickHouseForTests();

const HEARD = minutesIn(1);
const TODAY = Math.floor(HEARD / DAY);
const accepting = ['--name', 'fuel_shortage', '--family', 'environment', '--severity', '55'];

/** A folder of rules, a data folder whose log has heard something, and a configuration that names both. */
const setUp = async () => {
  const folder = await tempFolder();
  const rules = join(folder, 'rules');
  cpSync(join(packageRoot, 'rules'), rules, { recursive: true });
  const data = await newDataFolder(folder);
  const config = join(folder, 'forewarn.yaml');
  const tables = `clickhouse:\n  url: ${server?.url ?? ''}\n  database: default\n`;
  writeFileSync(config, `dataFolder: ${data}\nrules: ${rules}\n${tables}`);
  const run = (...words: readonly string[]) => forewarn('categories', ...words, '--config', config);
  return { rules, data, run };
};

describe.skipIf(server === undefined)('forewarn categories', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    await rowsInto(client)(
      'tracking_events',
      [1, 2, 3, 4, 5].flatMap((before) =>
        [`Truck stopped, no fuel at km ${before}`, null].map((text, n) =>
          eventOf(`zq-${before}-${n}`, noonOf(TODAY - before), {
            cause: 'unmapped',
            code: { standard: 'x12-214', status: 'SD', reason: 'ZQ' },
            text,
          }),
        ),
      ),
    );
  });

  it('proposes and accepts on a folder on which nothing runs, and leaves both in its log', async () => {
    const { rules, data, run } = await setUp();
    await runThrough(data, [documentAt(1, 'contract', textOf('docs/examples/contract.json'))]);
    const proposed = await run('propose');
    expect([proposed.err, proposed.code]).toEqual(['', 0]);
    expect(proposed.out.split('\n')).toEqual([
      'code:x12-214::ZQ',
      '  seen 10 times in 7 days, never before, chance of it below 0.0001; from exfr',
      '  how its shipments end cannot be told yet',
      '  suggested name: truck_stopped_no',
      '  > Truck stopped, no fuel at km 1',
    ]);
    expect((await run('propose', '--to', '2025-01-01T00:00:00Z')).out).toBe(
      'Nothing without a category is on the rise.',
    );

    const accepted = await run('accept', 'code:x12-214::ZQ', ...accepting, '--by', 'dana');
    expect([accepted.err, accepted.code]).toEqual(['', 0]);
    expect(accepted.out.split('\n')).toEqual([
      'fuel_shortage is now a category of the family environment; changed: taxonomy.yaml, mappings/x12-214.yaml',
      'ZQ of list 1651 (x12-214) means it from now on.',
    ]);
    expect(loadRules(rules).taxonomy.categories['fuel_shortage']).toMatchObject({
      family: 'environment',
      predictable: false,
    });
    const again = await run('accept', 'code:x12-214::ZQ', ...accepting);
    expect([again.err, again.code]).toEqual([
      expect.stringMatching(/^FW507 taxonomy.yaml categories.fuel_shortage: is there already/),
      1,
    ]);

    const { log, close } = await openStoppedLine(data);
    const rows = (await log.read(audits.name, 0, 0)).map((record) => audits.read(record));
    await close();
    expect(
      rows
        .filter(({ kind }) => kind.startsWith('category_'))
        .map(({ kind, by, subject, after }) => [kind, by, subject, after]),
    ).toEqual([
      ['category_proposed', 'categories', 'code:x12-214::ZQ', null],
      ['category_accepted', 'dana', 'code:x12-214::ZQ', 'fuel_shortage'],
    ]);
  });

  it('asks the process that runs', async () => {
    const { rules, data, run } = await setUp();
    const said: string[] = [];
    const app = fastify();
    app.get('/livez', () => ({}));
    await app.register(categoryRoutes, {
      categories: categoriesIn({
        client,
        log: {
          closedUntil: HEARD,
          append: (_, { key }) => {
            said.push(key);
            return Promise.resolve({ partition: 0, offset: 0, heardAt: HEARD, duplicate: false });
          },
        },
        rulesFolder: rules,
        destinations: ['desk', 'tms', 'customer-notifications'],
      }),
      requireScope: () => async () => undefined,
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    writeFileSync(join(data, 'running.json'), JSON.stringify({ url, pid: process.pid }));
    try {
      const { out } = await run('propose', '--json');
      expect(JSON.parse(out)).toMatchObject([{ key: 'code:x12-214::ZQ', lately: 10 }]);
      const words = [...accepting, '--predictable', '--about', 'No fuel.'];
      const accepted = await run('accept', 'code:x12-214::Z', ...words, '--json');
      expect(JSON.parse(accepted.out)).toMatchObject({ category: 'fuel_shortage', mapped: { list: '1651' } });
      expect(loadRules(rules).taxonomy.categories['fuel_shortage']).toMatchObject({
        predictable: true,
        about: 'No fuel.',
      });
      expect(said).toEqual(['category_proposed', 'category_accepted']);
    } finally {
      await app.close();
    }
  });

  it.each([
    [
      'a family that is none',
      ['--name', 'fuel', '--family', 'fuel', '--severity', '5'],
      /option '--family <family>' argument 'fuel' is invalid. Allowed choices are delay, /,
    ],
    [
      'a severity that is none',
      ['--name', 'fuel', '--family', 'other', '--severity', '101'],
      /give a number from 0 to 100/,
    ],
    [
      'a name that is none',
      ['--name', 'Fuel!', '--family', 'other', '--severity', '5'],
      /give lower case letters, digits and _/,
    ],
    [
      'no name',
      ['--family', 'other', '--severity', '5'],
      /required option '--name <category>' not specified/,
    ],
  ])('refuses %s before it asks anything', async (_, words, says) => {
    const { run } = await setUp();
    const { err, code } = await run('accept', 'code:x12-214::ZQ', ...words);
    expect(err).toMatch(says);
    expect(code).not.toBe(0);
  });
});
