import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { forewarn } from './run-cli.ts';

it('says what a code means, in which list, and by whose word', async () => {
  const { out, code } = await forewarn('codes', 'explain', 'X12-214', '1651', 'AM');
  expect(code).toBe(0);
  expect(out).toMatch(/^x12-214 · list 1651 · AM \(reason, mapping version \d+\)$/m);
  expect(out).toMatch(/^ {2}party {5}shipper$/m);
  expect(out).toMatch(/^ {2}category {2}shipper_related$/m);
  expect(out).toMatch(/^ {2}source {4}X12 element 1651, release 005010/m);
});

it('without a list shows every list that has the code: in 1650 AM is loaded, in 1651 the shipper is the cause', async () => {
  const { out } = await forewarn('codes', 'explain', 'x12-214', 'am', '--json');
  const found = JSON.parse(out) as { list: string; row: { category: string | null } }[];
  expect(found.map(({ list, row }) => [list, row.category])).toEqual([
    ['1650', null],
    ['1651', 'shipper_related'],
  ]);
});

it('puts what a partner says otherwise beside the standard', async () => {
  const rules = await tempFolder();
  mkdirSync(join(rules, 'mappings'));
  const file = (partner: string | null, means: string) =>
    JSON.stringify({
      standard: 'x12-214',
      partner,
      version: 3,
      sources: { letter: 'their letter of May' },
      lists: { '1651': { role: 'reason', codes: { AM: { means, source: 'letter' } } } },
    });
  writeFileSync(join(rules, 'mappings', 'x12-214.yaml'), file(null, 'as all say it'));
  writeFileSync(join(rules, 'mappings', 'x12-214.acme.yaml'), file('acme', 'as acme says it'));
  writeFileSync(join(rules, 'mappings', 'x12-214.zeta.yaml'), file('zeta', 'as zeta says it'));
  const explain = async (...more: string[]) => {
    const { out } = await forewarn('codes', 'explain', 'x12-214', 'AM', '--rules', rules, ...more);
    return [...out.matchAll(/^ {2}(as .*)$/gm)].map(([, words]) => words);
  };
  expect(await explain()).toEqual(['as all say it', 'as acme says it', 'as zeta says it']);
  expect(await explain('--partner', 'ACME')).toEqual(['as all say it', 'as acme says it']);
});

it('fails for a code that nobody knows, and names the standards there are', async () => {
  const unknown = await forewarn('codes', 'explain', 'x12-214', '1651', '??');
  expect(unknown).toMatchObject({ code: 1, out: expect.stringContaining('taken as unmapped') as string });
  const standard = await forewarn('codes', 'explain', 'x12-999', 'AM');
  expect(standard.code).toBe(1);
  expect(standard.err).toMatch(/^FW101 .*"x12-999"; there are .*x12-214/);
});

it('lists the codes whose meaning nobody publishes, and says so of one of them', async () => {
  const { out, code } = await forewarn('codes', 'unverified', '--json');
  expect(code).toBe(0);
  const found = JSON.parse(out) as { standard: string; code: string; verified: boolean }[];
  expect(found.every(({ verified }) => !verified)).toBe(true);
  const names = found.map((one) => `${one.standard} ${one.code}`);
  expect(names).toEqual(expect.arrayContaining(['ups KM', 'x12-322 LD']));
  expect(names).not.toContain('x12-322 VA');
  expect((await forewarn('codes', 'unverified')).out).toMatch(
    /^ups +activity +KM +delivered +activity codes/m,
  );
  const { out: explained } = await forewarn('codes', 'explain', 'ups', 'KM');
  expect(explained).toMatch(/source {4}.*\(not verified: nobody publishes it\)$/m);
});
