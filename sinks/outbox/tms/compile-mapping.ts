import type { ActionType } from '../../../domain/action.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import type { TmsEntry, TmsMapping } from '../../../domain/tms-mapping.ts';
import { compile, type Render } from './render.ts';
import { parseFieldPath, type FieldPath } from './field-path.ts';

export interface RequestWay {
  readonly way: 'request';
  readonly method: string;
  readonly path: Render;
  readonly body: Render | undefined;
  readonly expect: readonly number[];
  readonly done: readonly number[];
}

export interface UpdateWay {
  readonly way: 'update';
  readonly method: string;
  readonly get: Render;
  readonly put: Render;
  readonly revision: FieldPath | undefined;
  readonly set: readonly { readonly path: FieldPath; readonly value: Render }[];
}

export interface QueryWay {
  readonly way: 'query';
  readonly get: Render;
  readonly expect: readonly number[];
  readonly done: readonly number[];
}

export type Way = RequestWay | UpdateWay | QueryWay;

/** A mapping file that is ready to be used: every template of it is sound. */
export interface CompiledMapping {
  /** For errors, such as `rules/tms/acme.yaml`. */
  readonly file: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly idempotencyHeader: string;
  /** Whether nothing that this file can ask for happens twice when it is asked again. */
  readonly deduplicates: boolean;
  /** How this action is executed; undefined when no entry is for it. */
  wayOf(action: Dispatch): Way | undefined;
  /** Whether there is an entry for every action of this type and template, whatever its case. */
  covers(type: ActionType, template: string): boolean;
}

const wayOf = (entry: TmsEntry, place: string): Way | undefined => {
  const { request, update, query } = entry;
  if (request !== undefined) {
    const { method, path, body, expect, done } = request;
    return {
      way: 'request',
      method,
      path: compile('path', path, `${place}.request.path`),
      body: body === undefined ? undefined : compile('json', body, `${place}.request.body`),
      expect,
      done,
    };
  }
  if (update !== undefined) {
    const { get, put = get, method, revision, set } = update;
    return {
      way: 'update',
      method,
      get: compile('path', get, `${place}.update.get`),
      put: compile('path', put, `${place}.update.put`),
      revision: revision === undefined ? undefined : parseFieldPath(revision),
      set: set.map(({ path, value }, index) => ({
        path: parseFieldPath(path),
        value: compile('json', value, `${place}.update.set[${index}].value`),
      })),
    };
  }
  if (query === undefined) return undefined;
  const { get, expect, done } = query;
  return { way: 'query', get: compile('path', get, `${place}.query.get`), expect, done };
};

const fits = ({ templates, effects, kinds }: TmsEntry['when'], { template, facts }: Dispatch): boolean =>
  (templates?.includes(template) ?? true) &&
  (effects?.some((effect) => effect === facts['effect']) ?? true) &&
  (kinds?.some((kind) => kind === facts['kind']) ?? true);

/** FW103 for the first template that is not sound. */
export const compileMapping = (mapping: TmsMapping, file: string): CompiledMapping => {
  const ways = new Map<string, { readonly when: TmsEntry['when']; readonly way: Way }[]>();
  for (const [type, entries] of Object.entries(mapping.actions)) {
    const compiled = (entries ?? []).flatMap((entry, index) => {
      const way = wayOf(entry, `${file} actions.${type}[${index}]`);
      return way === undefined ? [] : [{ when: entry.when, way }];
    });
    ways.set(type, compiled);
  }
  const all = [...ways.values()].flat();
  return {
    file,
    headers: mapping.headers,
    idempotencyHeader: mapping.idempotency.header,
    // What is set to a value, or only read, is the same when it is done again.
    deduplicates: mapping.idempotency.honoured || all.every(({ way }) => way.way !== 'request'),
    wayOf: (action) => ways.get(action.type)?.find(({ when }) => fits(when, action))?.way,
    covers: (type, template) =>
      ways
        .get(type)
        ?.some(
          ({ when }) =>
            (when.templates?.includes(template) ?? true) &&
            when.effects === undefined &&
            when.kinds === undefined,
        ) ?? false,
  };
};
