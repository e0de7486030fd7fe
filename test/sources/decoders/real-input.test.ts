import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Decoded } from '../../../sources/decoders/decoder.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { contentTypeOfFile } from '../../../sources/decoders/content-type.ts';
import { documentOf, repository, settingsWith } from './decoder-settings.ts';

const samples = `${repository}../shared/samples/`;
const reference = `${repository}../shared/reference/`;
const absent = !existsSync(samples) || !existsSync(reference);
if (absent) console.warn(`skipped: recorded input of carriers and the NWS is not at ${samples}`);

const heardAt = Date.parse('2030-01-01T00:00:00Z');
const filesIn = (folder: string): string[] =>
  absent ? [] : readdirSync(samples + folder).filter((name) => !name.includes('.expected.'));

const decodeFile = (name: string, bytes: Uint8Array): readonly Decoded[] =>
  decode(
    documentOf(bytes, { documentId: name, contentType: contentTypeOfFile(name, bytes) ?? '', heardAt }),
    settingsWith(),
  );

const tsv = (name: string): string[][] =>
  absent
    ? []
    : readFileSync(reference + name, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'));
const categories = new Map(tsv('categories.tsv').map(([category = '', family = '']) => [category, family]));

describe.skipIf(absent)('recorded X12', () => {
  it.each(filesIn('x12-214'))('accounts for every transaction set of %s', (name) => {
    const bytes = readFileSync(`${samples}x12-214/${name}`);
    const sets = (bytes.toString('latin1').match(/(?:^|[~\n\r])ST\*\d{3}\*/g) ?? []).length;
    // What is odd about an envelope stands behind what it carries.
    const decoded = decodeFile(name, bytes).filter(({ type }) => type !== 'edi_finding');
    expect(sets).toBeGreaterThan(0);
    expect(new Set(decoded.map(({ type }) => type))).toEqual(new Set(['tracking']));
    const references = [...bytes.toString('latin1').matchAll(/B10\*([^*]+)\*/g)].map((match) =>
      match[1]?.trim(),
    );
    expect(references).toHaveLength(sets);
    const named = decoded.flatMap((one) =>
      one.type === 'tracking' ? one.value.identifiers.map(({ value }) => value) : [],
    );
    for (const one of references) expect(named).toContain(one);
    expect(decoded).toHaveLength((bytes.toString('latin1').match(/AT7\*/g) ?? []).length);
    for (const one of decoded) {
      if (one.type !== 'tracking') continue;
      expect(one.value.status).not.toBe('unmapped');
      expect(one.value.cause).not.toBe('unmapped');
      if (one.value.category !== null) expect([...categories.keys()]).toContain(one.value.category);
    }
  });

  it('agrees with another parser on times, places and tracking numbers', () => {
    const name = 'canadapost_4010_19txn';
    const expected = z
      .array(
        z.object({
          TransformedRecord: z.object({
            tracking_number: z.string(),
            events: z.array(
              z.object({
                date: z.string(),
                location: z.object({ city: z.string(), state: z.string(), country: z.string() }),
              }),
            ),
          }),
        }),
      )
      .parse(JSON.parse(readFileSync(`${samples}x12-214/${name}.expected.json`, 'utf8')));
    const theirs = expected.flatMap(({ TransformedRecord: { tracking_number: number, events } }) =>
      events.map(({ date, location }) => ({
        number,
        // One event has no zone in its file: theirs stays local, ours is the zone of its stop, Ontario.
        at: Date.parse(/[+-]\d{2}:\d{2}$/.test(date) ? date : `${date}-05:00`),
        ...location,
      })),
    );
    const decoded = decodeFile(`${name}.edi`, readFileSync(`${samples}x12-214/${name}.edi`));
    const ours = decoded.flatMap((one) =>
      one.type === 'tracking'
        ? [
            {
              number: one.value.identifiers[0]?.value,
              at: one.value.at,
              city: one.value.place?.city,
              state: one.value.place?.region,
              country: one.value.place?.country,
            },
          ]
        : [],
    );
    expect(ours).toHaveLength(19);
    expect(ours).toEqual(theirs);
  });
});

describe.skipIf(absent)('recorded NWS alerts', () => {
  const featureList = z.object({ features: z.array(z.looseObject({})) });

  it.each(filesIn('nws-alerts'))('accounts for every feature of %s', (name) => {
    const bytes = readFileSync(`${samples}nws-alerts/${name}`);
    const { features } = featureList.parse(JSON.parse(bytes.toString('utf8')));
    const decoded = decodeFile(name, bytes);
    expect(decoded).toHaveLength(features.length);
    decoded.forEach((one, index) => {
      // Some files are templates whose times are still to be filled in; those cannot be read, and say so.
      const template = JSON.stringify(features[index]).includes('"date:');
      expect(one.type).toBe(template ? 'failure' : 'weather');
      if (one.type !== 'failure') return;
      expect(one.reason).toMatch(/found "date:/);
      expect(JSON.parse(new TextDecoder().decode(one.bytes))).toEqual(features[index]);
    });
  });

  it.each(filesIn('nws-alerts'))('reads every alert of %s once its times are filled in', (name) => {
    const unitMs: Readonly<Record<string, number>> = {
      second: 1_000,
      minute: 60_000,
      hour: 3_600_000,
      day: 86_400_000,
    };
    const now = Date.parse('2029-12-30T12:00:00Z');
    const filled = readFileSync(`${samples}nws-alerts/${name}`, 'utf8').replaceAll(
      /date:(?:now|today [\d:-]+)(?: ([+-]?\d+) (second|minute|hour|day)s?)?/g,
      (_, amount?: string, unit?: string) =>
        new Date(now + Number(amount ?? 0) * (unitMs[unit ?? ''] ?? 0)).toISOString(),
    );
    const { features } = featureList.parse(JSON.parse(filled));
    const decoded = decodeFile(name, new TextEncoder().encode(filled));
    expect(decoded.filter(({ type }) => type === 'weather')).toHaveLength(features.length);
    for (const one of decoded) {
      if (one.type !== 'weather') continue;
      for (const zone of one.value.zones) expect(zone).toMatch(/^[^/\s]+$/);
      expect(one.value.endsAt).toBeGreaterThanOrEqual(one.value.onsetAt);
      if (one.value.vtecAction !== null)
        expect(one.value.hazardId).toMatch(/^[A-Z]{4}\.[A-Z]{2}\.[A-Z]\.\d{4}\.20\d\d$/);
    }
  });
});

describe.skipIf(absent)('the mapping of X12 214', () => {
  const rows = tsv('status-and-reason-codes.tsv')
    .filter(([standard = '']) => /^X12-16(50|51|52)/.test(standard))
    .map(([standard = '', code = '', , category = '']) => ({ list: standard.slice(4, 8), code, category }));

  it('covers every official code, with the category of the taxonomy', () => {
    const { mappings } = settingsWith();
    const differing = rows.flatMap(({ list, code, category }) => {
      const found = mappings.find({ standard: 'x12-214', partner: null, list, agency: null, code });
      const wanted = categories.get(category) === 'none' ? null : category;
      return found?.category === wanted ? [] : [`${list} ${code}: ${found?.category} instead of ${wanted}`];
    });
    expect(differing).toEqual([]);
    expect(rows).toHaveLength(148);
  });
});
