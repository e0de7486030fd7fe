import { environmentVariable } from './environment-variable.ts';
import { configSchema } from '../runtime/config/load-config.ts';

/** What we read of a JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly const?: string;
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

export interface ConfigKey {
  /** Path as it is written in the file: `http.apiKeys[].name`, `destinations.<name>.url`. */
  readonly key: string;
  readonly values: string;
  readonly default: string;
  readonly about: string;
  /** Variable that wins over the file; null for what stands in a list or a map. */
  readonly variable: string | null;
}

/** Every key of `forewarn.yaml` that holds a value, in the order of the schema. */
export const configKeys = (): readonly ConfigKey[] => keysOf(configSchema as Schema, [], false);

const keysOf = (schema: Schema, path: readonly string[], inMany: boolean): readonly ConfigKey[] => {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      keysOf(inner, [...path, name], inMany),
    );
  }
  if (schema.oneOf !== undefined) return keysOfKinds(schema.oneOf, path);
  const own: ConfigKey = {
    key: path.join('.'),
    values: valuesOf(schema),
    default: schema.default === undefined ? '' : JSON.stringify(schema.default),
    about: schema.description ?? '',
    variable:
      inMany || schema.type === 'array' || schema.type === 'object' ? null : environmentVariable(path),
  };
  if (schema.items?.properties !== undefined) {
    const last = path.at(-1) ?? '';
    return [own, ...keysOf(schema.items, [...path.slice(0, -1), `${last}[]`], true)];
  }
  if (typeof schema.additionalProperties === 'object') {
    return [own, ...keysOf(schema.additionalProperties, [...path, '<name>'], true)];
  }
  return [own];
};

const kindOf = ({ properties }: Schema): string => properties?.['kind']?.const ?? '';

/** Keys of alternatives that differ by their `kind`: each once, with the kinds that have it so. */
const keysOfKinds = (kinds: readonly Schema[], path: readonly string[]): readonly ConfigKey[] => {
  const found = new Map<string, { readonly key: ConfigKey; readonly kinds: string[] }>();
  for (const schema of kinds) {
    for (const key of keysOf(schema, path, true)) {
      const id = JSON.stringify(key);
      const same = found.get(id);
      if (same === undefined) found.set(id, { key, kinds: [kindOf(schema)] });
      else same.kinds.push(kindOf(schema));
    }
  }
  const ofKind: ConfigKey = {
    key: [...path, 'kind'].join('.'),
    values: kinds.map(kindOf).join(', '),
    default: JSON.stringify(kindOf(kinds[0] ?? {})),
    about: 'What is there; docs/channels.md says what each kind guarantees.',
    variable: null,
  };
  const others = [...found.values()].filter(({ key }) => key.key !== ofKind.key);
  return [
    ofKind,
    ...others.map(({ key, kinds: own }) => ({
      ...key,
      about: own.length === kinds.length ? key.about : `(${own.join(', ')}) ${key.about}`,
    })),
  ];
};

const valuesOf = ({ type, items, enum: words, pattern, ...limits }: Schema): string => {
  if (words !== undefined) return words.join(', ');
  if (limits.anyOf !== undefined) return limits.anyOf.map(valuesOf).join(' or ');
  if (limits.const !== undefined) return limits.const;
  if (items?.enum !== undefined) return `list of ${items.enum.join(', ')}`;
  if (type === 'array') return 'list';
  if (type === 'object') return 'by name';
  if (type === 'string') return pattern?.startsWith('^\\$') === true ? '${NAME}' : 'text';
  if (type === 'boolean') return 'true, false';
  const { minimum, exclusiveMinimum, maximum } = limits;
  const from = minimum ?? exclusiveMinimum;
  const least =
    from === undefined ? '' : exclusiveMinimum === undefined ? `${from} or more` : `more than ${from}`;
  const range =
    minimum !== undefined && maximum !== undefined && maximum < 2 ** 53 ? `${minimum} to ${maximum}` : least;
  return [type === 'integer' ? 'whole number' : 'number', range].filter((part) => part !== '').join(', ');
};

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``);

const introduction = `<!-- Made by docs/generate.ts from runtime/config/config.ts. Change it there. -->

# Configuration

Forewarn reads \`forewarn.yaml\` from the folder that it is started in, or the file that \`--config\` names. Every key has a
default: with an empty file, or none, it runs the simulated world.

- A key that is not in this list, and a value that does not fit, stop the start with one line: \`FW101\`.
- An environment variable wins over the file. Keys in lists and maps have none.
- Secrets never stand in the file. They are references such as \`\${TMS_SECRET}\`, replaced from the environment at the
  start; one that is not set is \`FW107\`.
- Durations are text such as \`250ms\`, \`90s\`, \`30m\`, \`12h\`, \`30d\`. Keys that end in \`Ms\` are milliseconds.
- Editors that know JSON Schema complete and check the file with [\`config/forewarn.schema.json\`](../config/forewarn.schema.json):
  write \`# yaml-language-server: $schema=config/forewarn.schema.json\` on its first line.

| key | value | default | meaning | environment variable |
|---|---|---|---|---|
`;

export const configurationPage = (): string =>
  `${introduction}${configKeys()
    .map(
      ({ key, values, default: standard, about, variable }) =>
        `| ${code(key)} | ${cell(values)} | ${code(standard)} | ${cell(about)} | ${code(variable ?? '')} |\n`,
    )
    .join('')}`;

/** JSON Schema of `forewarn.yaml`, for editors. */
export const configurationSchema = (): string => `${JSON.stringify(configSchema, null, 2)}\n`;
