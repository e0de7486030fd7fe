import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ForewarnError } from '../forewarn-error.ts';
import { explainIssue } from '../rules/explain-issue.ts';
import { type Config, config } from './config.ts';
import { refuseIdleThreads } from './refuse-idle-threads.ts';
import { refuseUnshared } from './refuse-unshared.ts';

export interface LoadConfigOptions {
  /** Left out, `forewarn.yaml` is read where there is one. */
  readonly file?: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** JSON Schema of `forewarn.yaml`, for editors. */
export const configSchema = z.toJSONSchema(config, { io: 'input' });

/**
 * Reads `forewarn.yaml`. Environment variables win over it (`FOREWARN_HTTP_PORT` over `http.port`), and references
 * such as `${NAME}` are replaced. Whatever does not fit is FW101 in one line, a secret that is not set FW107.
 */
export const loadConfig = ({ file, environment }: LoadConfigOptions): Config => {
  const name = file ?? 'forewarn.yaml';
  const value = withEnvironment(readYaml(name, file !== undefined), environment);
  const result = config.safeParse(value);
  if (!result.success) {
    throw new ForewarnError('FW101', `${name} ${explainIssue(result.error.issues[0]!, value, configSchema)}`);
  }
  refuseUnshared(name, result.data);
  refuseIdleThreads(name, result.data);
  return replaced(result.data, name, environment) as Config;
};

const readYaml = (name: string, wanted: boolean): unknown => {
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (cause) {
    if (!wanted && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ForewarnError('FW102', `${name}: cannot be read; give the path of a file with --config`, {
      cause,
    });
  }
  const document = parseDocument(text);
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new ForewarnError(
      'FW102',
      `${name} line ${syntax.linePos?.[0].line ?? 1}: ${syntax.message.split('\n')[0]}`,
    );
  }
  return (document.toJS() as unknown) ?? {};
};

/** `http.maxDocumentBytes` → `FOREWARN_HTTP_MAX_DOCUMENT_BYTES`. */
const variableOf = (path: readonly string[]): string =>
  `FOREWARN_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`)).join('_')}`.toUpperCase();

type JsonSchema = z.core.JSONSchema.BaseSchema;

const withEnvironment = (
  value: unknown,
  environment: NodeJS.ProcessEnv,
  schema: JsonSchema = configSchema,
  path: readonly string[] = [],
): unknown => {
  if (schema.properties === undefined) {
    const text = environment[variableOf(path)];
    if (text === undefined || schema.type === 'array' || schema.type === 'object') return value;
    return schema.type === 'integer' || schema.type === 'number'
      ? Number(text)
      : schema.type === 'boolean'
        ? text === 'true'
        : text;
  }
  const known = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const result: Record<string, unknown> = { ...known };
  for (const [key, inner] of Object.entries(schema.properties)) {
    const changed = withEnvironment(known[key], environment, inner as JsonSchema, [...path, key]);
    const isEmpty = typeof changed === 'object' && changed !== null && Object.keys(changed).length === 0;
    if (changed !== undefined && !(isEmpty && known[key] === undefined)) result[key] = changed;
  }
  return typeof value === 'object' || value === undefined ? result : value;
};

/** API keys keep their references: they are looked up where they are compared, and nowhere else. */
const replaced = (value: unknown, name: string, environment: NodeJS.ProcessEnv, path = ''): unknown => {
  if (path === '.http.apiKeys') return value;
  if (typeof value === 'string') {
    const variable = /^\$\{(\w+)\}$/.exec(value)?.[1];
    if (variable === undefined) return value;
    const found = environment[variable];
    if (found === undefined || found === '') {
      throw new ForewarnError(
        'FW107',
        `${name} ${path.slice(1)}: environment variable ${variable} is not set; set it`,
      );
    }
    return found;
  }
  if (Array.isArray(value))
    return value.map((inner, index) => replaced(inner, name, environment, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replaced(inner, name, environment, `${path}.${key}`)]),
  );
};
