import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { codeMappingFile } from '../../../domain/code-mapping.ts';
import { packageRoot } from '../../../runtime/package-root.ts';
import { addMappedCode, type NewCode } from '../../../runtime/rules/add-mapped-code.ts';

const file = 'mappings/x12-214.yaml';
const shipped = readFileSync(join(packageRoot, 'rules', file), 'utf8');
const code: NewCode = {
  role: 'reason',
  list: null,
  code: 'ZQ',
  means: 'no fuel',
  category: 'fuel_shortage',
  source: 'accepted by Dana on 2026-05-04',
};
const read = (text: string) => codeMappingFile.parse(parse(text));

describe('addMappedCode', () => {
  it('adds a line to the list, a line to the sources, and counts the version up', () => {
    const { text, list } = addMappedCode(shipped, file, code);
    expect(list).toBe('1651');
    const old = shipped.split('\n');
    expect(text.split('\n').filter((line) => !old.includes(line))).toEqual([
      'version: 2',
      "  accepted: 'accepted by Dana on 2026-05-04'",
      "      ZQ: { means: 'no fuel', cause: other, effect: unknown, party: unknown, category: fuel_shortage, source: accepted }",
    ]);
    expect(text.split('\n')).toHaveLength(old.length + 2);
    expect(read(text).lists['1651']?.codes['ZQ']).toMatchObject({ category: 'fuel_shortage', status: null });
  });

  it('says the same source once, and another one beside it', () => {
    const once = addMappedCode(shipped, file, code).text;
    const twice = addMappedCode(once, file, { ...code, code: 'ZR' }).text;
    const other = addMappedCode(twice, file, {
      ...code,
      code: 'ZS',
      source: 'accepted by Eve on 2026-05-05',
    }).text;
    const { sources, lists } = read(other);
    expect(Object.keys(sources).filter((key) => key.startsWith('accepted'))).toEqual([
      'accepted',
      'accepted-2',
    ]);
    expect(['ZQ', 'ZR', 'ZS'].map((one) => lists['1651']?.codes[one]?.source)).toEqual([
      'accepted',
      'accepted',
      'accepted-2',
    ]);
  });

  it('writes a status to the first list of statuses, or to the one that is named', () => {
    const status = { ...code, role: 'status' as const, code: '0X' };
    expect(addMappedCode(shipped, file, status).list).toBe('1650');
    const named = addMappedCode(shipped, file, { ...status, list: '1652' });
    expect(read(named.text).lists['1652']?.codes['0X']).toMatchObject({
      status: 'information',
      cause: 'other',
    });
    expect(() => addMappedCode(shipped, file, { ...status, list: '1651' })).toThrow(
      /FW507 mappings\/x12-214.yaml lists: has no status list 1651; choose one of 1650, 1652, 33/,
    );
  });

  it('refuses a code that is there', () => {
    expect(() => addMappedCode(shipped, file, { ...code, code: 'AO' })).toThrow(
      /FW507 mappings\/x12-214.yaml lists.1651.codes.AO: is there already/,
    );
  });

  it('keeps whatever partners call a code, and whatever words they find, one row', () => {
    const small = `standard: tiny
version: 1
sources:
  none: 'nowhere'
lists:
  why:
    role: reason
    codes:
      A: { means: 'a', source: none }
`;
    // What JavaScript itself gives a meaning in any object is no key of a record.
    const written = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' });
    const unknown = written.filter((one) => one !== 'A' && one !== '__proto__');
    fc.assert(
      fc.property(unknown, written, (key, means) => {
        const { codes } = read(addMappedCode(small, file, { ...code, code: key, means }).text).lists['why']!;
        expect(Object.keys(codes).toSorted()).toEqual(['A', key].toSorted());
        expect(codes[key]).toMatchObject({ means, category: 'fuel_shortage', source: 'accepted' });
      }),
      { numRuns: 1_000 },
    );
  });
});
