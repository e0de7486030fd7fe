import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { forewarn } from './run-cli.ts';

const withFacts = async (facts: unknown): Promise<string> => {
  const file = join(await tempFolder(), 'facts.json');
  await writeFile(file, typeof facts === 'string' ? facts : JSON.stringify(facts));
  return file;
};

describe('forewarn preview', () => {
  it('prints an e-mail in the language and zone that are asked for', async () => {
    const { out, code } = await forewarn(
      'preview',
      'delay_expected',
      '--language',
      'de',
      '--zone',
      'Europe/Berlin',
    );
    expect(out).toContain('Subject: Sendung SHIPMENT-1 kommt voraussichtlich verspätet an');
    expect(out).toMatch(/Zugesagt: Mi\., 7\. Jan\. 2026/);
    expect(out).toContain('<p>Guten Tag Ada Lovelace,</p>');
    expect(code).toBe(0);
  });

  it('prints what other channels are sent, with facts of one’s own', async () => {
    const facts = await withFacts({ carrier: 'EXFR', category: 'theft' });
    const { out } = await forewarn('preview', 'shipment_missing', '--channel', 'sms', '--facts', facts);
    expect(out).toBe('Shipment SHIPMENT-1 is missing (stolen). A trace has been started.');
    const { out: slack } = await forewarn(
      'preview',
      'shipment_missing',
      '--channel',
      'slack',
      '--facts',
      facts,
    );
    expect(JSON.parse(slack)).toMatchObject({ blocks: [{ type: 'header' }, { type: 'section' }] });
    const { out: teams } = await forewarn(
      'preview',
      'shipment_missing',
      '--channel',
      'teams',
      '--facts',
      facts,
    );
    expect(JSON.parse(teams)).toMatchObject({ type: 'message' });
    expect(teams).toContain('Carrier: EXFR');
  });

  it('prints a digest of the shipments that the facts name', async () => {
    const facts = await withFacts({
      facts: { category: 'weather' },
      covers: [
        { shipmentId: 's-1', facts: {} },
        { shipmentId: 's-2', facts: { lane: 'A > B' } },
      ],
    });
    const { out } = await forewarn('preview', 'weather_on_the_way', '--facts', facts);
    expect(out).toContain('Subject: 2 shipments: severe weather');
    expect(out).toContain('- s-2 (A > B)');
  });

  it.each([
    [['delay_expectd'], 'FW711 there is no template "delay_expectd"; did you mean delay_expected?'],
    [['delay_expected', '--channel', 'fax'], 'FW101 command line: option'],
    [['delay_expected', '--facts', '/no/such.json'], 'FW101 --facts /no/such.json: cannot be read as JSON'],
  ])('says what is wrong with %j', async (words, says) => {
    const { err, code } = await forewarn('preview', ...words);
    expect(err).toContain(says);
    expect(err).not.toContain('\n');
    expect(code).toBe(1);
  });

  it('takes no facts that are none', async () => {
    const { err } = await forewarn(
      'preview',
      'delay_expected',
      '--facts',
      await withFacts({ carrier: ['a'] }),
    );
    expect(err).toContain('with texts, numbers, true, false or null; mend it');
  });
});
