import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acknowledgement } from '../../../../domain/acknowledgement.ts';
import { decodeX12 } from '../../../../sources/decoders/x12/decode-x12.ts';
import { documentOf, repository, settingsWith } from '../decoder-settings.ts';
import { interchange } from './interchange.ts';

const read = (...segments: string[]) =>
  decodeX12(
    documentOf(interchange([['ST*997*0001', ...segments, `SE*${segments.length + 2}*0001`]])),
    settingsWith(),
  );
const rowsOf = (...segments: string[]) =>
  read(...segments).map((part) => (part.type === 'acknowledgement' ? part.value : part));

describe('a 997 or 999', () => {
  it('that accepts says so of its set and of the group, by whom and to whom', () => {
    const rows = rowsOf('AK1*QM*000042', 'AK2*214*0001', 'AK5*A', 'AK9*A*1*1*1');
    expect(rows).toMatchObject([
      {
        standard: '997',
        sender: { qualifier: '02', id: 'RDWY' },
        receiver: { qualifier: 'ZZ', id: 'FOREWARN' },
        functionalGroup: 'QM',
        groupControl: '42',
        setControl: '1',
        verdict: 'accepted',
        code: 'A',
        errors: [],
      },
      { setControl: null, verdict: 'accepted' },
    ]);
    for (const row of rows) expect(acknowledgement.safeParse(row).success).toBe(true);
    expect(new Set(rows.map((row) => ('id' in row ? row.id : ''))).size).toBe(2);
  });

  it.each([
    ['AK3*AT7*6**8', 'AK4*1*1650*7*ZZ', 'AK5*R*5', 'rejected'],
    ['IK3*AT7*6**8', 'IK4*1*1650*7*ZZ', 'IK5*R*5', 'rejected'],
    ['IK3*AT7*6**8', 'IK4*1*1650*7*ZZ', 'IK5*E*5', 'accepted_with_errors'],
  ])('keeps what was wrong: %s %s %s', (segment, element, trailer, verdict) => {
    expect(
      rowsOf('AK1*QM*42', 'AK2*214*0001', segment, element, 'CTX*x', trailer, 'AK9*R*1*1*0*1'),
    ).toMatchObject([
      {
        verdict,
        reasons: ['5'],
        errors: [
          { segment: 'AT7', position: 6, loop: null, segmentCode: '8', element: null, elementCode: null },
          { segment: 'AT7', position: 6, segmentCode: '8', element: '1', elementCode: '7', value: 'ZZ' },
        ],
      },
      { setControl: null, verdict: 'rejected', reasons: ['1'] },
    ]);
  });

  it.each([
    [['AK9*A*1*1*1'], 'it has no AK1'],
    [['AK1*QM', 'AK9*A*1*1*1'], 'it has no AK1 with a control number'],
    [['AK1*QM*1'], 'it has no AK9'],
    [['AK1*QM*1', 'AK2*214*1', 'AK9*A*1*1*1'], 'set 1 has no verdict'],
    [['AK1*QM*1', 'AK2*214*1', 'AK5*Q', 'AK9*A*1*1*1'], 'AK501 is "Q"'],
    [['AK1*QM*1', 'AK4*1*1*1', 'AK9*A*1*1*1'], 'AK4 stands before any segment in error'],
    [['AK1*QM*1', 'AK1*QM*2', 'AK9*A*1*1*1'], 'two AK1'],
    [['AK1*QM*1', '##broken', 'AK9*A*1*1*1'], 'is no segment'],
  ])('of %j is a failure with its bytes', (segments, why) => {
    expect(read(...segments)).toMatchObject([
      { type: 'failure', code: 'FW401', reason: expect.stringContaining(why) as string },
    ]);
  });

  const folder = join(repository, '../shared/samples/x12-other');
  const real = existsSync(folder)
    ? readdirSync(folder).filter((name) =>
        /ST[^A-Za-z0-9\s]99[79]/.test(readFileSync(join(folder, name), 'latin1')),
      )
    : [];
  if (real.length === 0) console.warn('skipped: there are no 997 or 999 of others among the samples');
  it.skipIf(real.length === 0).each(real.length === 0 ? ['none'] : real)('of others, %s, is read', (name) => {
    const decoded = decodeX12(documentOf(readFileSync(join(folder, name))), settingsWith());
    expect(decoded.filter(({ type }) => type === 'acknowledgement').length).toBeGreaterThan(0);
  });
});
