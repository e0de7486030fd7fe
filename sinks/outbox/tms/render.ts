import { Liquid, type Template } from 'liquidjs';
import { action } from '../../../domain/action.ts';
import type { Dispatch } from '../../../domain/dispatch.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';

/** What a template may name. */
export interface TemplateScope {
  readonly shipmentId: string;
  readonly exceptionId: string;
  readonly customerId: string | null;
  readonly action: Omit<Dispatch, 'facts'>;
  readonly facts: Dispatch['facts'];
}

export const scopeOf = ({ facts, ...rest }: Dispatch): TemplateScope => ({
  shipmentId: rest.shipmentId,
  exceptionId: rest.exceptionId,
  customerId: rest.customerId,
  action: rest,
  facts,
});

/** FW716 when it cannot be made of this action. */
export type Render = (scope: TemplateScope) => string;

/** Milliseconds as ISO 8601 in UTC: `{{ facts.promisedAt | iso }}` → "2026-01-05T17:00:00.000Z"; null stays null. */
const iso = (value: unknown): string | null =>
  value === null || value === undefined ? null : new Date(value as number | string).toISOString();

const engineWith = (outputEscape: (value: unknown) => string): Liquid => {
  const engine = new Liquid({
    outputEscape,
    strictFilters: true,
    // A fact that is not there is a mistyped one: those that have no value are null.
    strictVariables: true,
    ownPropertyOnly: true,
    timezoneOffset: 0,
    // No template reads files.
    templates: {},
  });
  engine.registerFilter('iso', iso);
  // Nothing passes unescaped.
  engine.registerFilter('raw', (value: unknown) => value);
  return engine;
};

const inPath = (value: unknown): string => {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isPlain ? encodeURIComponent(value) : '';
  if (text === '' || text === '.' || text === '..') throw new Error(`"${text}" cannot be a part of a path`);
  return text;
};

const engines = {
  path: engineWith(inPath),
  json: engineWith((value) => JSON.stringify(value ?? null)),
} as const;

const roots = ['shipmentId', 'exceptionId', 'customerId', 'action', 'facts'];
const actionKeys = Object.keys(action.shape).filter((key) => key !== 'facts');

const textOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';

/** Everything that these names need, with one value everywhere. */
const probeScope = (names: readonly (readonly (string | number)[])[], probe: string | null): object => ({
  shipmentId: 'S',
  exceptionId: 'E',
  customerId: probe,
  action: Object.fromEntries(actionKeys.map((key) => [key, probe])),
  facts: Object.fromEntries(
    names.flatMap(([root, key]) => (root === 'facts' && key !== undefined ? [[String(key), probe]] : [])),
  ),
});

/**
 * A template of a mapping file, checked at load: its syntax, its filters, the names that it uses, and that a body gives
 * JSON whatever the facts are. FW103 names `place`, such as `rules/tms/acme.yaml actions.hold[0].request.body`.
 */
export const compile = (kind: keyof typeof engines, source: string, place: string): Render => {
  const engine = engines[kind];
  const fail = (message: string, cause?: unknown): never => {
    throw new ForewarnError('FW103', `${place}: ${message}`, { cause });
  };
  let template: Template[];
  let names: (readonly (string | number)[])[];
  try {
    template = engine.parse(source);
    names = engine.globalVariableSegmentsSync(template).map((segments) => segments.map(String));
  } catch (cause) {
    return fail(`${textOf(cause)}; mend the template`, cause);
  }
  for (const [root, key] of names) {
    if (!roots.includes(String(root)))
      fail(`"${root}" is not one of ${roots.join(', ')}; facts about the case are facts.<name>`);
    if (root === 'action' && key !== undefined && !actionKeys.includes(String(key)))
      fail(`"action.${key}" is not there; an action has ${actionKeys.join(', ')}`);
  }
  if (kind === 'json') {
    // Null and text, each: a value between quotes of the template is JSON with one of them only.
    for (const probe of [null, '2026-01-05T17:00:00Z']) {
      try {
        JSON.parse(engine.renderSync(template, probeScope(names, probe)) as string);
      } catch (cause) {
        fail(`gives no JSON (${textOf(cause)}); write values without quotes around them`, cause);
      }
    }
  }
  return (scope) => {
    try {
      const text = engine.renderSync(template, scope) as string;
      if (kind === 'json') JSON.parse(text);
      return text;
    } catch (cause) {
      throw new ForewarnError('FW716', `${place}: ${textOf(cause)}`, { cause });
    }
  };
};
