import { referenceForm } from '../config/reference.ts';
import type { z } from 'zod';
import { nearestWord } from './nearest-word.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type JsonSchema = z.core.JSONSchema.BaseSchema;

/** `['steps', 1, 'action']` → `steps[1].action`. */
export const pathText = (path: Path): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`,
    )
    .join('');

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  );

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const meant = (word: unknown, words: readonly string[]): string => {
  const nearest = typeof word === 'string' ? nearestWord(word, words) : null;
  return nearest === null ? '' : `; did you mean ${nearest}?`;
};

const isSchema = (value: JsonSchema | boolean | undefined): value is JsonSchema => typeof value === 'object';

/** Of alternatives that differ by a constant, such as `kind`, those that the value does not contradict. */
const mayBe =
  (value: unknown) =>
  (branch: JsonSchema): boolean =>
    Object.entries(branch.properties ?? {}).every(([key, inner]) => {
      const constant = isSchema(inner as JsonSchema) ? (inner as JsonSchema).const : undefined;
      const said = valueAt(value, [key]);
      const isNeeded = branch.required?.includes(key) ?? false;
      return constant === undefined || (said === undefined ? !isNeeded : said === constant);
    });

/** Keys that the schema allows at a place. */
const keysAt = (schema: JsonSchema, path: Path, value: unknown): string[] => {
  const [part, ...rest] = path;
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []).filter(isSchema).filter(mayBe(value))]
    .filter(isSchema)
    .flatMap((branch) => keysAt(branch, path, value));
  if (part === undefined) return [...Object.keys(schema.properties ?? {}), ...branches];
  const inner =
    typeof part === 'number'
      ? schema.items
      : (schema.properties?.[String(part)] ?? schema.additionalProperties);
  const next = valueAt(value, [part]);
  return [...(isSchema(inner as JsonSchema) ? keysAt(inner as JsonSchema, rest, next) : []), ...branches];
};

/** The branch of a union that was probably meant: the one that fails deepest inside, not on its face. */
const likelyBranch = (branches: readonly (readonly Issue[])[]): Issue | undefined =>
  branches
    .map(([first]) => first)
    .filter((issue) => issue !== undefined)
    .toSorted((a, b) => rank(b) - rank(a))[0];

const rank = ({ path, code }: Issue): number => path.length * 2 + (code === 'invalid_type' ? 0 : 1);

/** One line about what does not fit: where, the value, the rule, the mend. */
export const explainIssue = (issue: Issue, value: unknown, schema: JsonSchema, outer: Path = []): string => {
  const path = [...outer, ...issue.path];
  const at = path.length === 0 ? '' : `${pathText(path)}: `;
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'invalid_union': {
      if ('options' in issue && Array.isArray(issue.options)) {
        const words = issue.options.filter((option) => typeof option === 'string');
        return `${at}${shown(found)} is not one of ${words.join(', ')}${meant(found, words)}`;
      }
      const inner = likelyBranch(issue.errors);
      return inner === undefined ? `${at}${issue.message}` : explainIssue(inner, value, schema, path);
    }
    case 'invalid_value': {
      const words = issue.values.map(String);
      return `${at}${shown(found)} is not ${words.length === 1 ? '' : 'one of '}${words.join(', ')}${meant(found, words)}`;
    }
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? '';
      const keys = keysAt(schema, path, value);
      return `${at}"${key}" is not a key here; the keys are ${keys.join(', ')}${meant(key, keys)}`;
    }
    case 'invalid_type':
      return found === undefined
        ? `${at}is missing; give a value of type ${issue.expected}`
        : `${at}${shown(found)} is not of type ${issue.expected}; write one`;
    case 'too_small':
      return `${at}${shown(found)} is below the least that is allowed; give ${String(issue.minimum)} or more`;
    case 'too_big':
      return `${at}${shown(found)} is above the most that is allowed; give ${String(issue.maximum)} or less`;
    case 'invalid_format':
      // What stands in the place of a reference is most often the secret itself: it is never repeated.
      if (issue.pattern === String(referenceForm))
        return `${at}its value is no reference such as \${NAME}; put the secret into the environment, and its name here`;
      return `${at}${shown(found)} has not the form ${issue.pattern ?? issue.format}; write it so`;
    default:
      return `${at}${shown(found)}: ${issue.message}`;
  }
};
