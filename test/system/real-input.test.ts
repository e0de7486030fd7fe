import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { replayCargo2000 } from '../../cli/replay-cargo2000.ts';
import { startRecorded } from '../../cli/recorded-line.ts';
import { replay } from '../../cli/replay.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { identifierKey, type Identifier } from '../../domain/event.ts';
import { bandOf, opensException } from '../../domain/taxonomy.ts';
import { config } from '../../runtime/config/config.ts';
import type { Forewarn } from '../../runtime/wire/start-forewarn.ts';
import { decode } from '../../sources/decoders/decode.ts';
import type { Decoded } from '../../sources/decoders/decoder.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import { until } from '../support/until.ts';
import { canRunLine } from './running-line.ts';

const root = packageRoot;
const samples = join(root, '..', 'shared', 'samples');
const cargo2000 = join(root, '..', 'shared', 'data', 'cargo2000', 'c2k_data_comma.csv');
const canRun = canRunLine();
const hasSamples = existsSync(samples);
const hasCargo2000 = existsSync(cargo2000);
if (!hasSamples)
  console.warn('skipped: carrier and NWS files through the line, ../shared/samples is not here');
const isLong = process.env['FOREWARN_LONG_TESTS'] === '1';
if (!isLong)
  console.warn('skipped: Cargo 2000 through the line takes some minutes; npm run soak -- cargo2000 has it');
if (!hasCargo2000) console.warn('skipped: Cargo 2000 through the line, ../shared/data/cargo2000 is not here');

const settings = config.parse({
  rules: join(root, 'rules'),
  models: { folder: join(root, 'models', 'registry') },
});

interface Sample {
  readonly source: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** Transaction sets, or features, counted in the bytes and not by the decoder. */
  readonly records: number;
  readonly decoded: readonly Decoded[];
}

const heardAt = Date.parse('2030-01-01T00:00:00Z');
const decoding = {
  mappings: loadMappings(join(root, 'rules', 'mappings')),
  partners: {},
  defaultZone: settings.engine.defaultZone,
  maxFutureMs: 3_600_000,
};

const recordsIn = (contentType: string, bytes: Buffer): number => {
  if (contentType === 'application/edi-x12')
    return bytes.toString('latin1').match(/(?:^|[~\n\r])ST\*\d{3}\*/g)?.length ?? 0;
  const { features } = z
    .object({ features: z.array(z.unknown()).nullish() })
    .parse(JSON.parse(bytes.toString('utf8')));
  return features?.length ?? 1;
};

const sampleOf = (source: string, name: string, contentType: string, bytes: Buffer): Sample => {
  const document = { source, documentId: `${source}/${name}`, contentType, heardAt, bytes };
  const records = recordsIn(contentType, bytes);
  return { source, name, contentType, bytes, records, decoded: decode(document, decoding) };
};

const samplesIn = (source: string, contentType: string): Sample[] =>
  readdirSync(join(samples, source))
    .filter((name) => !name.includes('.expected.'))
    .map((name) => sampleOf(source, name, contentType, readFileSync(join(samples, source, name))));

const unitMs: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
/** Some files are templates, with times such as `date:now -2 hours`; here they are filled in. */
const filledIn = ({ source, name, contentType, bytes }: Sample): Sample => {
  const text = bytes
    .toString('utf8')
    .replaceAll(
      /date:(?:now|today [\d:-]+)(?: ([+-]?\d+) (second|minute|hour|day)s?)?/g,
      (_, amount?: string, unit?: string) =>
        new Date(heardAt - 2 * 86_400_000 + Number(amount ?? 0) * (unitMs[unit ?? ''] ?? 0)).toISOString(),
    );
  return sampleOf(`${source}-filled-in`, name, contentType, Buffer.from(text));
};

/** A plan of ours for one name, so that what goes by it finds a shipment; the recorded files come without any. */
const planFor = (identifier: Identifier, number: number) => ({
  type: 'plan',
  // Before the oldest of the recorded events: a name is a shipment's only in its time.
  at: Date.parse('2010-01-01T00:00:00Z'),
  shipmentId: `SAMPLE-${number}`,
  identifiers: [identifier],
  customerId: 'SAMPLE',
  carrier: 'SAMPLE',
  service: 'ground',
  mode: 'ltl',
  lane: 'A-B',
  legs: [{ carrier: 'SAMPLE', mode: 'ltl', from: 'A', to: 'B', departAt: heardAt, arriveAt: heardAt }],
  promisedAt: heardAt + 86_400_000,
});

interface Written {
  readonly document: string;
  readonly position: number;
  readonly what: 'event' | 'alert' | 'observation' | 'letter';
  readonly category: string | null;
  readonly reason: string | null;
}

describe.skipIf(!hasSamples || !canRun)('recorded X12 and NWS files, sent by HTTP', () => {
  const files =
    hasSamples && canRun
      ? [
          ...samplesIn('x12-214', 'application/edi-x12'),
          ...samplesIn('nws-alerts', 'application/geo+json'),
          ...samplesIn('nws-alerts', 'application/geo+json').map(filledIn),
          ...samplesIn('nws-observations', 'application/geo+json'),
        ]
      : [];
  let folder: string;
  let line: Forewarn;
  let eventsBefore: readonly unknown[];
  let written: readonly Written[];

  const post = async (source: string, contentType: string, name: string, body: Uint8Array) => {
    const response = await fetch(`${line.url}/v1/ingest/${source}`, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        'idempotency-key': name,
        'x-forewarn-heard-at': String(heardAt),
      },
      body,
    });
    expect(response.status, `${name}: ${await response.clone().text()}`).toBe(202);
  };
  const ask = async <Row>(query: string): Promise<Row[]> =>
    (await line.storage.client.query({ query, format: 'JSONEachRow' })).json<Row>();
  const settled = () => until('everything sent has gone all the way', () => line.settled(), 120_000);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-samples-'));
    line = await startRecorded(settings, join(folder, 'data'));
    for (const { source, contentType, name, bytes } of files) await post(source, contentType, name, bytes);
    await settled();
    eventsBefore = await ask('SELECT id FROM tracking_events');
    const names = new Map(
      files
        .flatMap(({ decoded }) => decoded)
        .flatMap((part) => (part.type === 'tracking' ? part.value.identifiers : []))
        .map((identifier) => [identifierKey(identifier), identifier]),
    );
    const plans = [...names.values()].map((identifier, number) =>
      JSON.stringify(planFor(identifier, number)),
    );
    await post('tms', 'application/x-ndjson', 'plans', Buffer.from(plans.join('\n')));
    await settled();
    written = await ask<Written>(`
      SELECT source_document AS document, toUInt32(source_position) AS position, 'event' AS what, category, NULL AS reason FROM tracking_events
      UNION ALL SELECT source_document, toUInt32(source_position), 'alert', NULL, NULL FROM weather_alerts
      UNION ALL SELECT source_document, toUInt32(source_position), 'observation', NULL, NULL FROM weather_observations
      UNION ALL SELECT document, toUInt32(position), 'letter', NULL, reason FROM dead_letters`);
    const table = files.map(({ source, name, records, decoded }) => {
      const mine = written.filter(({ document }) => document === `${source}/${name}`);
      const count = (what: Written['what']) => mine.filter((row) => row.what === what).length;
      return {
        file: `${source}/${name}`,
        'sets/features': records,
        events: count('event'),
        alerts: count('alert'),
        observations: count('observation'),
        'dead letters': count('letter'),
        nothing: decoded.filter(({ type }) => type === 'nothing').length,
        categories: [...new Set(mine.flatMap(({ category }) => category ?? []))].join(' '),
      };
    });
    console.table(table);
  });

  afterAll(async () => {
    await line?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds what goes by a name that no plan claims, until one does', () => {
    expect(eventsBefore).toEqual([]);
    expect(written.filter(({ document }) => document === 'tms/plans')).toEqual([]);
  });

  it.each(files.map((file) => [`${file.source}/${file.name}`, file] as const))(
    'accounts for all of %s in ClickHouse',
    (path, { source, bytes, records, decoded }) => {
      const mine = written.filter(({ document }) => document === path);
      const nothing = decoded.filter(({ type }) => type === 'nothing').length;
      // What is odd about an envelope stands behind what it carries, in a table of its own.
      const carried = decoded.filter(({ type }) => type !== 'edi_finding');
      expect(new Set(mine.map(({ position }) => position)).size).toBe(mine.length);
      expect(mine.length + nothing).toBe(carried.length);
      for (const { what, reason } of mine) if (what === 'letter') expect(reason).toMatch(/\S/);
      // One event for each status of a 214; one row for each transaction set or feature of all others, and a
      // collection without any is a sign of life.
      const statuses = bytes.toString('latin1').match(/AT7\*/g)?.length ?? 0;
      expect(mine.length + nothing).toBe(source === 'x12-214' ? statuses : Math.max(1, records));
    },
  );

  it('takes every alert whose times are filled in', () => {
    for (const { source, name, records } of files.filter(({ source }) => source === 'nws-alerts-filled-in')) {
      const mine = written.filter(({ document }) => document === `${source}/${name}`);
      expect(mine.map(({ what }) => what)).toEqual(Array.from({ length: records }, () => 'alert'));
    }
  });

  it('gives every transaction set of a 214 at least one row under its own reference', async () => {
    const rows = await ask<{ identifiers: string }>('SELECT identifiers FROM tracking_events');
    const values = new Set(
      rows.flatMap(({ identifiers }) =>
        z
          .array(z.object({ value: z.string() }))
          .parse(JSON.parse(identifiers))
          .map(({ value }) => value),
      ),
    );
    for (const { bytes, records } of files.filter(({ source }) => source === 'x12-214')) {
      const references = [...bytes.toString('latin1').matchAll(/B10\*([^*]+)\*/g)].map((match) => match[1]);
      expect(references).toHaveLength(records);
      for (const reference of references) expect(values).toContain(reference?.trim());
    }
  });

  it('makes categories of the taxonomy of the reason codes, and exceptions of those', async () => {
    const { categories } = line.rules.taxonomy;
    const events = await ask<{
      id: string;
      shipment: string;
      status: string;
      code: string;
      reason: string | null;
      cause: string;
      category: string | null;
    }>(
      'SELECT id, shipment_id AS shipment, status, code_status AS code, code_reason AS reason, cause, category FROM tracking_events',
    );
    console.table([
      ...new Map(
        events
          .filter(({ reason, category }) => reason !== null || category !== null)
          .map(({ status, code, reason, cause, category }) => [
            `${code} ${reason}`,
            { code, reason, status, cause, category },
          ]),
      ).values(),
    ]);
    for (const { status, cause, category, shipment, code, reason } of events) {
      expect(shipment).toMatch(/^SAMPLE-\d+$/);
      expect([status, cause], `${code} ${reason}`).not.toContain('unmapped');
      if (cause !== 'none') expect(category, `${code} ${reason}`).not.toBeNull();
      if (category !== null) expect(categories, `${code} ${reason}`).toHaveProperty(category);
    }
    const raised = await ask<{ event: string; category: string }>(
      'SELECT arrayJoin(evidence_events) AS event, category FROM exceptions FINAL',
    );
    // Categories below the band `low` are news, such as an appointment that was made.
    const troubled = events.flatMap(({ id, category }) => {
      const rule = category === null ? undefined : categories[category];
      const isTrouble = rule !== undefined && opensException(rule) && bandOf(rule.defaultSeverity) !== 'info';
      return isTrouble ? [{ event: id, category }] : [];
    });
    expect(troubled.length).toBeGreaterThan(0);
    for (const one of troubled) expect(raised).toContainEqual(one);
  });
});

describe.skipIf(!hasCargo2000 || !canRun || !isLong)('forewarn run --replay on Cargo 2000', () => {
  it('learns from the first 70 % of the shipments and foresees the rest', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-cargo2000-'));
    try {
      const { stages, planned, ended, report } = await replayCargo2000(cargo2000, settings, folder);
      expect(planned).toBe(1_183);
      expect(ended).toBe(planned);
      expect(report.total.ended).toBe(planned);
      const at = (name: string) => stages.find(({ stage }) => stage === name) ?? expect.fail(`no ${name}`);
      for (const stage of ['plan', 'after the hub delivery', 'after the last outbound arrival'])
        expect(at(stage)).toMatchObject({ rows: planned, byModel: 1 });
      const hub = at('after the hub delivery');
      expect(hub.ruleAuc).toBeCloseTo(0.805, 3);
      // LightGBM's AUC on the same split is .850.
      expect(hub.auc).toBeGreaterThanOrEqual(0.98 * 0.85);
      expect(hub.auc).toBeGreaterThan(hub.ruleAuc);
      expect(hub.leadHours).toBeGreaterThan(0);
      expect(at('every').byModel).toBe(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 900_000);
});

describe('forewarn run --replay of what it cannot use', () => {
  it('says in one line that the file is not there, before it starts anything', async () => {
    await expect(replay('/nowhere/c2k.csv', settings)).rejects.toThrow(
      /^FW407 \/nowhere\/c2k\.csv is not there[^\n]+$/,
    );
  });

  it('says in one line that a CSV is not Cargo 2000', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-csv-'));
    const file = join(folder, 'other.csv');
    await writeFile(file, 'name,age\nAda,36\n');
    await expect(replay(file, settings)).rejects.toThrow(
      /^FW407 \S+other\.csv holds no shipment of Cargo 2000[^\n]+$/,
    );
    await rm(folder, { recursive: true, force: true });
  });
});
