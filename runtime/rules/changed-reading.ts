import { partsOf, type ReadingRules } from '../../domain/reading-rules.ts';
import { differences } from './changed-paths.ts';

/**
 * What differs between two sets of rules of reading, by file and place:
 * `mappings/x12-214.yaml lists.1651.codes.AM.category weather → delay`, `locations.yaml dock-7 is new`.
 */
export const changedReading = (before: ReadingRules, after: ReadingRules): readonly string[] => {
  const [was, is] = [contentByFile(before), contentByFile(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((file) => {
    if (!was.has(file)) return [`${file} is new`];
    if (!is.has(file)) return [`${file} is gone`];
    return [...differences(was.get(file), is.get(file), `${file} `)];
  });
};

const contentByFile = (rules: ReadingRules): ReadonlyMap<string, unknown> =>
  new Map(partsOf(rules).map(({ file, content }) => [file, content]));
