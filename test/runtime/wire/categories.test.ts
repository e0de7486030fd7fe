import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastify from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CodeMappings } from '../../../domain/code-mapping.ts';
import type { AuditEntry } from '../../../domain/audit-entry.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import { packageRoot } from '../../../runtime/package-root.ts';
import { loadRules } from '../../../runtime/rules/load-rules.ts';
import type { Acceptance } from '../../../runtime/wire/accept-category.ts';
import { categoriesIn } from '../../../runtime/wire/categories.ts';
import { categoryProposals } from '../../../runtime/wire/category-proposals.ts';
import { categoryRoutes } from '../../../runtime/wire/category-routes.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { loadMappings } from '../../../sources/decoders/load-mappings.ts';
import { clickHouseForTests } from '../../sinks/clickhouse/clickhouse-here.ts';
import { outcomeOf, rowsInto } from '../../sinks/clickhouse/story-fixture.ts';
import { DAY, eventOf, noonOf } from '../../sinks/clickhouse/tracking-fixture.ts';
import {
  documentOf,
  mappings as shippedMappings,
  settingsWith,
} from '../../sources/decoders/decoder-settings.ts';
import { interchange, statusSet } from '../../sources/decoders/x12/interchange.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const { server, client } = await clickHouseForTests();
const put = rowsInto(client);

const TODAY = 20_250;
const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10).replaceAll('-', '');

/** Those that ship are read once; a folder in which something was accepted is read as it is now. */
const mappingsIn = (rulesFolder: string): CodeMappings =>
  rulesFolder === shippedRules ? shippedMappings : loadMappings(join(rulesFolder, 'mappings'));

/** What the shipped decoder makes of one 214 with this AT7 or Q7, by the mappings of a folder of rules. */
const heardIn = (rulesFolder: string, day: number, reference: string, segment: string): TrackingEvent => {
  const status = segment.startsWith('Q7') ? `AT7*X6*NS***${dayText(day)}*0900*UT` : segment;
  const segments = ['LX*1', status, ...(segment.startsWith('Q7') ? [segment] : [])];
  const settings = settingsWith({ mappings: mappingsIn(rulesFolder) });
  const document = documentOf(interchange([statusSet({ reference, segments })]), { heardAt: noonOf(day) });
  const last = decode(document, settings).at(-1);
  if (last?.type !== 'tracking') throw new Error(`no event: ${JSON.stringify(last)}`);
  return { ...last.value, shipmentId: reference };
};

/** What the shipped decoder makes of one canonical event with this text, by a folder of rules. */
const toldIn = (rulesFolder: string, text: string, status: string): TrackingEvent => {
  const at = new Date(noonOf(TODAY)).toISOString();
  const record = { type: 'tracking', shipmentId: 'told', at, status, text };
  const settings = settingsWith({ mappings: mappingsIn(rulesFolder) });
  const document = documentOf(JSON.stringify(record), {
    heardAt: noonOf(TODAY),
    contentType: 'application/json',
  });
  const [only] = decode(document, settings);
  if (only?.type !== 'tracking') throw new Error(`no event: ${JSON.stringify(only)}`);
  return only.value;
};

const at7 = (day: number, codes: string): string => `AT7*${codes}***${dayText(day)}*0900*UT`;
const shippedRules = join(packageRoot, 'rules');

const setUp = async () => {
  const rulesFolder = join(await tempFolder(), 'rules');
  cpSync(shippedRules, rulesFolder, { recursive: true });
  const audits: AuditEntry[] = [];
  const known = new Set<string>();
  const log = {
    closedUntil: noonOf(TODAY),
    append: (topic: string, record: { readonly value: Uint8Array }, options?: { documentId?: string }) => {
      const duplicate = known.has(options?.documentId ?? '');
      known.add(options?.documentId ?? '');
      if (!duplicate && topic === 'audits')
        audits.push(JSON.parse(Buffer.from(record.value).toString()) as AuditEntry);
      return Promise.resolve({ partition: 0, offset: audits.length, heardAt: 0, duplicate });
    },
  };
  const categories = categoriesIn({
    client,
    log,
    rulesFolder,
    destinations: ['desk', 'tms', 'customer-notifications'],
  });
  const texts = (): readonly string[] =>
    ['taxonomy.yaml', 'mappings/x12-214.yaml'].map((file) => readFileSync(join(rulesFolder, file), 'utf8'));
  return { rulesFolder, categories, audits, texts };
};

const fuel: Acceptance = {
  name: 'fuel_shortage',
  family: 'environment',
  severity: 55,
  predictable: true,
  by: 'dana',
};

describe.skipIf(server === undefined)('new categories', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const days = Array.from({ length: 35 }, (_, index) => TODAY - 35 + index);
    const lately = days.slice(-6);
    await put('tracking_events', [
      // A code that nobody mapped and that is always there, so that it is no news.
      ...days.flatMap((day) => [heardIn(shippedRules, day, `old-${day}`, at7(day, 'SD*QO'))]),
      // Three that are new, each in its own place of a 214.
      ...lately.flatMap((day) =>
        [1, 2, 3].flatMap((n) => [
          heardIn(shippedRules, day, `zq-${day}-${n}`, at7(day, 'SD*ZQ')),
          heardIn(shippedRules, day, `zt-${day}-${n}`, at7(day, 'ZT*NS')),
          heardIn(shippedRules, day, `z-${day}-${n}`, 'Q7*Z'),
        ]),
      ),
      // Drivers who write what no code says.
      ...lately.flatMap((day) =>
        [`Strike at depot ${day}, no driver`, `no driver - strike at depot ${day}`].map((text, n) =>
          eventOf(`strike-${day}-${n}`, noonOf(day), { status: 'held', text }),
        ),
      ),
    ]);
    await put(
      'outcomes',
      lately.flatMap((day) => [1, 2, 3].map((n) => outcomeOf(`zq-${day}-${n}`, n === 1 ? -5 : 40))),
    );
  });

  it('proposes what has appeared, with examples and how it ended, and says so once in the audit', async () => {
    const { categories, audits } = await setUp();
    const proposals = await categories.propose({});
    expect(proposals.map(({ key, kind, lately, before }) => [key, kind, lately, before])).toEqual([
      ['code:x12-214::ZQ', 'code', 18, 0],
      ['code:x12-214:Q7:Z:', 'code', 18, 0],
      ['code:x12-214:ZT:', 'code', 18, 0],
      ['text:strike at depot no driver', 'text', 12, 0],
    ]);
    expect(proposals.find(({ reason }) => reason === 'ZQ')?.breachRate).toBeCloseTo(2 / 3, 10);
    expect(proposals.at(-1)?.examples).toHaveLength(2);
    await categories.propose({});
    expect(audits.map(({ kind, subject }) => [kind, subject])).toEqual(
      proposals.map(({ key }) => ['category_proposed', key]),
    );
    expect(audits[0]?.reason).toBe('seen 18 times in the last 7 days, and 0 times in those before');
    expect(await categories.propose({ to: (TODAY - 10) * DAY })).toEqual([]);
  });

  it.each([
    ['a reason', 'code:x12-214::ZQ', at7(TODAY, 'SD*ZQ'), '1651', { status: 'in_transit', cause: 'other' }],
    ['a status', 'code:x12-214:ZT:', at7(TODAY, 'ZT*NS'), '1650', { status: 'information', cause: 'other' }],
    ['trouble with goods', 'code:x12-214:Q7:Z:', 'Q7*Z', '33', { status: 'information', cause: 'other' }],
  ])('accepts %s: from then on documents with it have the category', async (_, key, segment, list, says) => {
    const { rulesFolder, categories, audits } = await setUp();
    const before = heardIn(rulesFolder, TODAY, 'before', segment);
    expect([before.status, before.cause]).toContain('unmapped');
    const accepted = await categories.accept(key, { ...fuel, about: 'Nothing to fill up with.' }, {});
    expect(accepted).toMatchObject({
      category: 'fuel_shortage',
      files: ['taxonomy.yaml', 'mappings/x12-214.yaml'],
      mapped: { standard: 'x12-214', list },
    });
    expect(loadRules(rulesFolder).taxonomy.categories['fuel_shortage']).toMatchObject({
      family: 'environment',
      defaultSeverity: 55,
      predictable: true,
      about: 'Nothing to fill up with.',
    });
    expect(heardIn(rulesFolder, TODAY, 'after', segment)).toMatchObject({
      ...says,
      category: 'fuel_shortage',
      effect: 'unknown',
      party: 'unknown',
      source: { mapping: 'x12-214@2' },
    });
    expect(audits).toMatchObject([
      { kind: 'category_accepted', by: 'dana', subject: key, before: null, after: 'fuel_shortage' },
    ]);
  });

  it('accepts a text: from then on events that say it, and whose codes say little, have the category', async () => {
    const { rulesFolder, categories, texts } = await setUp();
    const [, mapping] = texts();
    const said = (text: string, status = 'held'): TrackingEvent => toldIn(rulesFolder, text, status);
    expect(said('strike at depot 99 - no driver').category).toBeNull();
    const accepted = await categories.accept('text:strike', { ...fuel, name: 'depot_strike' }, {});
    expect(accepted).toMatchObject({
      files: ['taxonomy.yaml', 'mappings/texts.yaml'],
      mapped: null,
      texts: { says: 2, words: [] },
    });
    expect(texts()[0]).toMatch(/depot_strike:\n[^#]*about: '.*strike.*'\n/);
    expect(texts()[1]).toBe(mapping);
    expect(said('strike at depot 99 - no driver')).toMatchObject({
      category: 'depot_strike',
      source: { mapping: 'texts@2' },
    });
    expect(said('Strike at the depot in Memphis').category).toBeNull();
    expect(said('strike at depot 99 - no driver', 'delivered').category).toBeNull();
  });

  it('accepts words too, which say it wherever all of them stand', async () => {
    const { rulesFolder, categories } = await setUp();
    const words = ['strike', 'depot'];
    const accepted = await categories.accept('text:strike', { ...fuel, name: 'depot_strike', words }, {});
    expect(accepted.texts).toEqual({ says: 2, words });
    expect(toldIn(rulesFolder, 'Strike at the depot in Memphis', 'information').category).toBe(
      'depot_strike',
    );
  });

  it.each([
    ['code:x12-214::ZQ', 'mappings/x12-214.yaml'],
    ['text:strike', 'mappings/texts.yaml'],
  ])('takes %s back out of the rules, and may accept it again', async (key, file) => {
    const { rulesFolder, categories, audits, texts } = await setUp();
    const before = [...texts(), readFileSync(join(rulesFolder, 'mappings/texts.yaml'), 'utf8')];
    await categories.accept(key, fuel, {});
    const { files } = await categories.revert('fuel_shortage', { by: 'kim', reason: 'it was none' });
    expect(files).toEqual([file, 'taxonomy.yaml']);
    const after = [...texts(), readFileSync(join(rulesFolder, 'mappings/texts.yaml'), 'utf8')];
    const bare = (text: string): string =>
      text.replace(/^version: \d+$/m, '').replace(/^ {2}accepted: .*\n/m, '');
    expect(after.map(bare)).toEqual(before.map(bare));
    expect(after).not.toEqual(before);
    await categories.accept(key, fuel, {});
    expect(audits.map(({ kind, by, before: was, after: now }) => [kind, by, was, now])).toEqual([
      ['category_accepted', 'dana', null, 'fuel_shortage'],
      ['category_reverted', 'kim', 'fuel_shortage', null],
      ['category_accepted', 'dana', null, 'fuel_shortage'],
    ]);
  });

  it.each([
    ['weather', /^FW507 .*lists\.\S+\.codes\.\S+: means weather by hand/],
    ['no_such', /^FW507 taxonomy.yaml categories.no_such: is not there/],
  ])('does not take back %s, which no proposal made', async (name, says) => {
    const { categories, audits, texts } = await setUp();
    const before = texts();
    await expect(categories.revert(name, { by: 'kim' })).rejects.toThrow(says);
    expect(texts()).toEqual(before);
    expect(audits).toEqual([]);
  });

  it.each([
    [
      'a name that is taken',
      'code:x12-214::ZQ',
      { name: 'weather' },
      /^FW507 taxonomy.yaml categories.weather: is there/,
    ],
    [
      'no proposal',
      'code:x12-214::NONE',
      {},
      /^FW506 proposal "code:x12-214::NONE" is not there; forewarn categories/,
    ],
    ['the beginning of three', 'code:', {}, /^FW506 proposal "code:" is the beginning of 3 keys/],
    [
      'a list of another role',
      'code:x12-214::ZQ',
      { list: '1650' },
      /^FW507 mappings\/x12-214.yaml lists: has no reason list 1650; choose one of 1651/,
    ],
    [
      'what does not load',
      'code:x12-214::ZQ',
      { severity: 101 },
      /^FW507 taxonomy.yaml, mappings\/x12-214.yaml would not load: FW103 rules\/taxonomy.yaml categories.fuel_shortage.defaultSeverity/,
    ],
  ])('refuses %s, and changes nothing', async (_, key, change, says) => {
    const { categories, audits, texts } = await setUp();
    const before = texts();
    await expect(categories.accept(key, { ...fuel, ...change }, {})).rejects.toThrow(says);
    expect(texts()).toEqual(before);
    expect(audits).toEqual([]);
  });

  it('refuses the second of two who accept one code at once', async () => {
    const { categories } = await setUp();
    const both = await Promise.allSettled([
      categories.accept('code:x12-214::ZQ', fuel, {}),
      categories.accept('code:x12-214::ZQ', { ...fuel, name: 'no_fuel' }, {}),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({
      reason: { message: expect.stringMatching(/codes.ZQ: is there already/) as string },
    });
  });

  it('is asked over HTTP, and says what of a request does not fit', async () => {
    const { categories } = await setUp();
    const scopes: string[] = [];
    const app = fastify();
    await app.register(categoryRoutes, {
      categories,
      requireScope: (scope) => async () => {
        scopes.push(scope);
      },
    });
    const post = async (path: string, payload: object) => {
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: `/v1/categories/${path}`,
        payload,
      });
      return { statusCode, body: JSON.parse(body) as unknown };
    };
    const body = { key: 'code:x12-214::ZQ', ...fuel };
    expect(await post('propose', {})).toMatchObject({ statusCode: 200, body: { length: 4 } });
    expect(await post('accept', { ...body, family: 'fuel' })).toMatchObject({
      statusCode: 400,
      body: {
        code: 'FW701',
        message: expect.stringMatching(/^FW701 the body does not fit: family: /) as string,
      },
    });
    expect(await post('accept', { ...body, key: 'code:no' })).toMatchObject({
      statusCode: 404,
      body: { code: 'FW506' },
    });
    expect(await post('accept', { ...body, name: 'weather' })).toMatchObject({ statusCode: 409 });
    expect(await post('accept', body)).toMatchObject({
      statusCode: 200,
      body: { category: 'fuel_shortage' },
    });
    expect(scopes).toEqual(Array(5).fill('approve'));
    await app.close();
  });

  it('does not propose what the tables know as accepted', async () => {
    const { categories, audits } = await setUp();
    await categories.accept('text:strike', { ...fuel, name: 'depot_strike' }, {});
    await put('audits', audits);
    const keys = (await categoryProposals(client, noonOf(TODAY))).map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(keys.filter((key) => key.startsWith('text:'))).toEqual([]);
  });
});
