import { mayTextSpeak, type TextRules } from '../../domain/text-rules.ts';
import type { Decoded } from './decoder.ts';

/**
 * Gives events whose codes say little the category that their text means, by the rules of `mappings/texts.yaml`. What a
 * code says stands; the event names the version of the texts beside that of its mapping: `x12-214@2 texts@3`.
 */
export const categoriseByText = (decoded: readonly Decoded[], texts: TextRules): readonly Decoded[] => {
  if (texts.categories.length === 0) return decoded;
  return decoded.map((record) => {
    if (record.type !== 'tracking') return record;
    const { value } = record;
    if (value.text === null || value.retracts !== null || !mayTextSpeak(value)) return record;
    const category = texts.find(value.text);
    if (category === null) return record;
    const { mapping } = value.source;
    const source = {
      ...value.source,
      mapping: mapping === null ? texts.label : `${mapping} ${texts.label}`,
    };
    return { ...record, value: { ...value, category, source } };
  });
};
