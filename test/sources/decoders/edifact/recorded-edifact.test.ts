import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentTypeOfFile } from '../../../../sources/decoders/content-type.ts';
import { decode } from '../../../../sources/decoders/decode.ts';
import { documentOf, mappings, repository, settingsWith } from '../decoder-settings.ts';

const samples = `${repository}../shared/samples/`;
const reference = `${repository}../shared/reference/`;
const absent = !existsSync(samples) || !existsSync(reference);
if (absent) console.warn(`skipped: recorded EDIFACT and the UN's code lists are not at ${samples}`);

/** Read by eye: each event as status, code, moment and place; then what is odd about the envelope. */
const expected: Readonly<Record<string, readonly string[]>> = {
  // One STS, told by rail; its place of delivery has an estimate, the ports before have theirs too.
  'ocean_d00b_rail_departed.edi': [
    'departed P::HS 2022-11-19T12:10:00.000Z USSYR ABCD224O4023815X TRHU4561222',
    'estimate DTM:132 2022-11-21T13:00:00.000Z USWOQ ABCD224O4023815X TRHU4561222',
    'wrong_control UNZ 2805570 2803570',
  ],
};

const rows = (path: string): string[][] =>
  absent
    ? []
    : readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'));

describe.skipIf(absent)('recorded IFTSTA', () => {
  it('is all in the table', () => {
    expect(readdirSync(`${samples}edifact-iftsta`).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.entries(expected))('%s holds what one reads in it', (name, events) => {
    const bytes = readFileSync(`${samples}edifact-iftsta/${name}`);
    const contentType = contentTypeOfFile(name, bytes) ?? '';
    expect(contentType).toBe('application/edifact');
    const document = documentOf(bytes, { contentType, heardAt: Date.parse('2030-01-01T00:00:00Z') });
    const decoded = decode(document, settingsWith());
    expect(decoded.map(({ position }) => position)).toEqual(decoded.map((_, i) => i));
    const said = decoded.map((one) => {
      if (one.type === 'edi_finding')
        return `${one.value.kind} ${one.value.segment} ${one.value.said} ${one.value.found}`;
      if (one.type !== 'tracking') return one.type;
      const { status, code, at, estimatedAt, place, identifiers } = one.value;
      const named = (kind: string): string => identifiers.find((each) => each.kind === kind)?.value ?? '';
      const when = new Date(estimatedAt ?? at).toISOString();
      return `${status} ${code?.status} ${when} ${place?.unlocode} ${named('bol')} ${named('container')}`;
    });
    expect(said).toEqual(events);
  });
});

describe.skipIf(absent)('the mapping of IFTSTA', () => {
  const known = (list: string, code: string) =>
    mappings.find({ standard: 'edifact-iftsta', partner: null, list, agency: null, code });

  it.each(['D96A', 'D00B', 'D04A', 'D23A'])('has every code of 4405, 9011 and 9013 in %s', (release) => {
    const codes = rows(`${samples}codelists/edifact_${release}_sts_codes.tsv`);
    const missing = codes.filter(([list = '', code = '']) => list !== '9015' && known(list, code) === null);
    expect(missing).toEqual([]);
    expect(codes.length).toBeGreaterThan(150);
  });

  it('has every official code with the category of the taxonomy', () => {
    const families = new Map(
      rows(`${reference}categories.tsv`).map(([category = '', family = '']) => [category, family]),
    );
    const official = rows(`${reference}status-and-reason-codes.tsv`).flatMap(
      ([standard = '', code = '', , category = '']) => {
        const list = /^EDIFACT-(9011|9013)/.exec(standard)?.[1];
        return list === undefined ? [] : [{ list, code, category }];
      },
    );
    const differing = official.filter(({ list, code, category }) => {
      const wanted = families.get(category) === 'none' ? null : category;
      return known(list, code)?.category !== wanted;
    });
    expect(differing).toEqual([]);
    expect(official).toHaveLength(245);
  });

  it('says cause, effect and party of whatever is trouble', () => {
    const file = mappings.files.find(({ standard }) => standard === 'edifact-iftsta');
    const news = new Set(['eta_update', 'appointment', 'available_for_pickup', 'hold_released']);
    const blank = Object.entries(file?.lists ?? {}).flatMap(([list, { codes }]) =>
      Object.entries(codes)
        .filter(
          ([, { category, cause, effect, party }]) =>
            category !== null &&
            !news.has(category) &&
            cause === 'none' &&
            effect === 'none' &&
            party === 'none',
        )
        .map(([code]) => `${list} ${code}`),
    );
    expect(blank).toEqual([]);
  });
});
