import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../runtime/package-root.ts';
import { addTextRule } from '../../../runtime/rules/add-text-rule.ts';
import { acceptedSource, removeAcceptedTexts } from '../../../runtime/rules/remove-accepted.ts';

const shipped = readFileSync(join(packageRoot, 'rules/mappings/texts.yaml'), 'utf8');
const file = 'mappings/texts.yaml';
const strike = {
  category: 'depot_strike',
  says: ["Strike at depot: the driver's away", 'no driver'],
  words: ['strike', 'depot'],
  source: acceptedSource('dana', '2026-05-04'),
};
const fuel = { ...strike, category: 'fuel', words: [] };

const versioned = (text: string, version: number): string =>
  text.replace(/^version: \d+$/m, `version: ${version}`);

describe('addTextRule and removeAcceptedTexts', () => {
  it('write a rule in lines, and take it away to the byte but for the version', () => {
    const one = addTextRule(shipped, file, strike);
    expect(one.slice(shipped.indexOf('texts: []'))).toBe(
      `texts:
  - category: depot_strike
    says:
      - 'Strike at depot: the driver''s away'
      - 'no driver'
    words: [strike, depot]
    source: 'accepted by dana on 2026-05-04'
`,
    );
    const two = addTextRule(one, file, fuel);
    expect(two.startsWith(versioned(one, 3))).toBe(true);
    expect(removeAcceptedTexts(two, file, 'fuel')).toBe(versioned(one, 4));
    const none = removeAcceptedTexts(removeAcceptedTexts(two, file, 'depot_strike'), file, 'fuel');
    expect(none).toBe(versioned(shipped, 5));
    expect(removeAcceptedTexts(one, file, 'other')).toBe(one);
  });

  it('leave what a person wrote by hand', () => {
    const text = addTextRule(shipped, file, { ...strike, source: 'our handbook' });
    expect(() => removeAcceptedTexts(text, file, 'depot_strike')).toThrow(
      /^FW507 mappings\/texts.yaml rule 1 of depot_strike: means depot_strike by hand/,
    );
  });

  it('refuse a list in brackets that has something in it', () => {
    const text = "version: 1\ntexts: [{ category: a, words: [b], source: 'c' }]\n";
    expect(() => addTextRule(text, file, strike)).toThrow(/^FW507 mappings\/texts.yaml version and texts/);
  });
});
