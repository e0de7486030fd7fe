import type { CodeMappingFile } from './code-mapping.ts';
import type { InputMapping } from './input-mapping.ts';
import type { Location } from './location.ts';
import type { TextRulesFile } from './text-rules.ts';

/** How what comes in is read, as data: what codes and texts mean, what rows of files and tables are, and the customer's own places. */
export interface ReadingRules {
  readonly codes: readonly CodeMappingFile[];
  /** `texts.yaml`; null where there is none. */
  readonly texts: TextRulesFile | null;
  readonly inputs: readonly InputMapping[];
  readonly locations: readonly Location[];
  /** The same files give the same one. */
  readonly fingerprint: string;
}

interface Part {
  /** Its file below the folder of rules, as a rule. */
  readonly file: string;
  /** `x12-214/acme@3`, as an event's provenance has it; null for what no event names. */
  readonly label: string | null;
  readonly content: unknown;
}

/** The parts of which each has a version of its own, and the places, which have none. */
export const partsOf = ({ codes, texts, inputs, locations }: ReadingRules): readonly Part[] => [
  ...codes.map((content) => {
    const { standard, partner, version } = content;
    const name = partner === null ? standard : `${standard}/${partner}`;
    return {
      file: `mappings/${partner === null ? standard : `${standard}-${partner}`}.yaml`,
      label: `${name}@${version}`,
      content,
    };
  }),
  ...(texts === null
    ? []
    : [{ file: 'mappings/texts.yaml', label: `texts@${texts.version}`, content: texts }]),
  ...inputs.map((content) => ({
    file: `inputs/${content.name}.yaml`,
    label: `${content.name}@${content.version}`,
    content,
  })),
  {
    file: 'locations.yaml',
    label: null,
    content: Object.fromEntries(locations.map((location) => [location.id, location])),
  },
];

/**
 * Labels that would mean two things: `x12-214@1` in force maps AM to weather, and what is to come has `x12-214@1` too and
 * maps it to delay. An event names the version that it was read with, so a change needs another one.
 */
export const sameVersionOtherContent = (before: ReadingRules, after: ReadingRules): readonly string[] => {
  const was = new Map(partsOf(before).map((part) => [`${part.file} ${part.label}`, part]));
  return partsOf(after).flatMap((part) => {
    const { file, label, content } = part;
    const other = was.get(`${file} ${label}`);
    if (label === null || other === undefined) return [];
    return JSON.stringify(other.content) === JSON.stringify(content) ? [] : [label];
  });
};
