import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../runtime/config/config.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

const load = (webhook: string, environment: NodeJS.ProcessEnv = { SIGNING: 'the-secret' }): Config => {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-'));
  made.push(folder);
  const file = join(folder, 'forewarn.yaml');
  writeFileSync(file, `partners: { parcels: { webhook: ${webhook} } }\n`);
  return loadConfig({ file, environment });
};

describe('partners.<source>.webhook', () => {
  it('takes each scheme, with its secret from the environment and its defaults', () => {
    const webhook = (text: string) => load(text).partners['parcels']?.webhook;
    expect(webhook("{ scheme: easypost, secret: '${SIGNING}' }")).toEqual({
      scheme: 'easypost',
      secret: 'the-secret',
    });
    expect(webhook("{ scheme: standard, secret: '${SIGNING}' }")).toMatchObject({ toleranceSec: 300 });
    expect(webhook('{ scheme: shipengine }')).toEqual({
      scheme: 'shipengine',
      keysUrl: 'https://api.shipengine.com/jwks',
      toleranceSec: 300,
    });
  });

  it.each([
    [
      'a secret that stands in the file',
      '{ scheme: aftership, secret: hush }',
      /FW101.*partners\.parcels\.webhook/,
    ],
    ['no secret', '{ scheme: aftership }', /FW101.*partners\.parcels\.webhook/],
    ['another scheme', "{ scheme: shopify, secret: '${SIGNING}' }", /FW101.*partners\.parcels\.webhook/],
    [
      'keys over plain HTTP',
      "{ scheme: shipengine, keysUrl: 'http://keys.example' }",
      /FW101.*partners\.parcels\.webhook/,
    ],
  ])('refuses %s in one line', (_, text, line) => {
    let said = 'it was taken';
    try {
      load(text);
    } catch (error) {
      said = String(error).replace(/^ForewarnError: /, '');
    }
    expect(said).toMatch(line);
    expect(said).not.toContain('\n');
  });

  it('refuses a secret that is not set', () => {
    expect(() => load("{ scheme: easypost, secret: '${SIGNING}' }", {})).toThrow(/FW107.*SIGNING/);
  });
});
