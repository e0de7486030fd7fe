import { expect, it } from 'vitest';
import { repository } from '../sources/decoders/decoder-settings.ts';
import { forewarn } from './run-cli.ts';

const status214 = `${repository}docs/examples/status-214.edi`;

it.each([
  ['dcsa', ['"eventClassifier": "ACTUAL"']],
  ['epcis', ['"type": "EPCISDocument"', '"type": "ObjectEvent"']],
])('tells an X12 214 as %s', async (format, parts) => {
  const { out, code } = await forewarn('export', status214, '--format', format);
  expect(code).toBe(0);
  expect(() => JSON.parse(out) as unknown).not.toThrow();
  for (const part of parts) expect(out).toContain(part);
});

it('says what is not there', async () => {
  const { err, code } = await forewarn('export', 'no-such-file.edi', '--format', 'dcsa');
  expect(code).not.toBe(0);
  expect(err).toContain('FW407');
  expect(err).toContain('no-such-file.edi');
});
