import { describe, expect, it } from 'vitest';
import { mayTextSpeak, textRules, textRulesFile } from '../../domain/text-rules.ts';

const rules = textRules(
  textRulesFile.parse({
    version: 3,
    texts: [
      { category: 'no_driver', words: ['driver'], source: 'dana' },
      { category: 'depot_strike', says: ['Strike at depot 12, no driver!'], source: 'dana' },
      { category: 'strike', words: ['Strike', 'depot'], source: 'dana' },
    ],
  }),
);

describe('textRules', () => {
  it.each([
    ['strike at DEPOT 7 - no driver', 'depot_strike'],
    ['Strike at depot, no driver today', 'no_driver'],
    ['depot closed, strike', 'strike'],
    ['no striker at depot', null],
    ['', null],
    ['12 34', null],
  ])('%j means %s: a whole text before words, then the first rule', (text, category) => {
    expect(rules.find(text)).toBe(category);
  });

  it.each([
    [{ category: 'x', source: 'dana' }, 'needs says or words'],
    [{ category: 'x', says: ['12 34'], source: 'dana' }, 'has no word in it'],
    [{ category: 'x', words: ['two words'], source: 'dana' }, 'give one word'],
  ])('refuses %j', (rule, why) => {
    const result = textRulesFile.safeParse({ version: 1, texts: [rule] });
    expect(result.error?.issues[0]?.message).toContain(why);
  });

  it('speaks only where codes say little and name no category', () => {
    expect(mayTextSpeak({ status: 'held', category: null })).toBe(true);
    expect(mayTextSpeak({ status: 'information', category: 'unclassified' })).toBe(true);
    expect(mayTextSpeak({ status: 'held', category: 'weather' })).toBe(false);
    expect(mayTextSpeak({ status: 'delivered', category: null })).toBe(false);
  });
});
