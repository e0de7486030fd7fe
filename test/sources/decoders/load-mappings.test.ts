import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { meaningOf } from '../../../domain/code-mapping.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { loadMappings } from '../../../sources/decoders/load-mappings.ts';
import { mappings } from './decoder-settings.ts';

const made: string[] = [];
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mappings-'));
  made.push(folder);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

const yaml = (rows: string, more = ''): string => `standard: carrier-x
${more}version: 2
sources: { guide: 'their guide' }
lists:
  scans: { role: status, codes: { ${rows} } }
`;

describe('loadMappings', () => {
  it('asks a partner’s dialect before the standard', () => {
    const loaded = loadMappings(
      folderOf({
        'base.yaml': yaml(
          'A: { means: arrived, status: arrived, source: guide }, B: { means: b, status: held, source: guide }',
        ),
        'acme.yaml': yaml('A: { means: gone, status: departed, source: guide }', 'partner: acme\n'),
      }),
    );
    const statusOf = (partner: string | null, status: string): string =>
      meaningOf(loaded, { standard: 'carrier-x', partner, status, reason: null }).status;
    expect([
      statusOf(null, 'A'),
      statusOf('acme', 'A'),
      statusOf('acme', 'B'),
      statusOf('acme', 'C'),
    ]).toEqual(['arrived', 'departed', 'held', 'unmapped']);
    expect(loaded.label('carrier-x', 'acme')).toBe('carrier-x/acme@2');
    expect(loaded.label('carrier-x', 'other')).toBe('carrier-x@2');
  });

  it.each([
    [
      'a status of no list',
      { 'a.yaml': yaml('A: { means: a, status: flying, source: guide }') },
      ['a.yaml', 'lists.scans.codes.A.status', '"flying"'],
    ],
    [
      'a status code without status',
      { 'a.yaml': yaml('A: { means: a, source: guide }') },
      ['codes.A.status', 'needs a status'],
    ],
    [
      'a source that is not named',
      { 'a.yaml': yaml('A: { means: a, status: held, source: blog }') },
      ['codes.A.source', '"blog" is not in sources'],
    ],
    [
      'an unverified source that is not named',
      { 'a.yaml': yaml('', 'unverified: [blog]\n') },
      ['unverified.0', '"blog" is not in sources'],
    ],
    [
      'an unknown key',
      { 'a.yaml': yaml('A: { means: a, status: held, source: guide, colour: red }') },
      ['colour'],
    ],
    ['no YAML', { 'a.yaml': 'standard: [' }, ['a.yaml: not YAML']],
    [
      'the same owner twice',
      { 'a.yaml': yaml(''), 'b.yaml': yaml('') },
      ['b.yaml', 'carrier-x', 'a.yaml', 'keep one file'],
    ],
  ])('refuses %s and names file, place and rule', (_, files, parts) => {
    let thrown: unknown;
    try {
      loadMappings(folderOf(files));
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof ForewarnError)) throw new Error('no ForewarnError');
    expect(thrown.code).toBe('FW103');
    for (const part of parts) expect(thrown.message).toContain(part);
  });
});

describe('meaningOf on X12 214', () => {
  it.each([
    ['D1', 'NS', 'delivered', 'none', 'none', null],
    ['SD', 'NS', 'in_transit', 'other', 'delay', 'delay'],
    ['SD', 'AO', 'in_transit', 'weather', 'delay', 'weather'],
    ['A7', 'AG', 'delivery_attempted', 'consignee', 'refused', 'refused'],
    ['A9', 'AF', 'information', 'accident', 'damaged', 'damage'],
    ['A9', null, 'information', 'cargo', 'damaged', 'damage'],
    ['AP', 'A2', 'delivery_attempted', 'address', 'not_delivered', 'address'],
    ['D1', 'S1', 'delivered', 'cargo', 'short', 'shortage'],
    ['AB', 'NA', 'appointment', 'none', 'none', 'appointment'],
    ['??', 'AI', 'unmapped', 'mechanical', 'delay', 'mechanical'],
    ['X1', '??', 'arrived', 'unmapped', 'none', null],
    [null, 'AI', 'information', 'mechanical', 'delay', 'mechanical'],
  ])('%s with %s is %s', (status, reason, ...meaning) => {
    const found = meaningOf(mappings, { standard: 'x12-214', partner: null, status, reason });
    expect([found.status, found.cause, found.effect, found.category]).toEqual(meaning);
  });
});
