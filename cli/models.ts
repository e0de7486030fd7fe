import { userInfo } from 'node:os';
import type { ModelDecision, ModelDecisionKind } from '../domain/model-decision.ts';
import type { Config } from '../runtime/config/config.ts';
import {
  modelDesk,
  type ModelDescription,
  type ModelDesk,
  type ModelSummary,
} from '../runtime/wire/model-desk.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { runningProcess } from './running-process.ts';

export interface JsonOptions extends ConfigOptions {
  readonly json?: boolean;
}

/** `forewarn models list`: all versions, what each is now, and what was decided about it last. */
export const listModelsCommand = async (options: JsonOptions): Promise<void> => {
  const found = await (await deskOf(configFrom(options))).list();
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0) console.log('no models');
  else
    console.log(
      columns(['model', 'version', 'is', 'decided', 'at', 'by', 'because'], found.flatMap(cellsOf)),
    );
};

/** `forewarn models show <model> <version>`: its signature, its card and every decision about it. */
export const showModelCommand = async (
  model: string,
  version: string,
  options: JsonOptions,
): Promise<void> => {
  const found = await (await deskOf(configFrom(options))).show(model, version);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : pageOf(found));
};

export interface DecideOptions extends JsonOptions {
  readonly by?: string;
  readonly reason: string;
}

/** `forewarn models promote | challenge | shadow | release | reject | rollback | retire`: one decision by hand. */
export const decideModelCommand =
  (kind: ModelDecisionKind) =>
  async (model: string, version: string | undefined, options: DecideOptions): Promise<void> => {
    const { by = userInfo().username, reason } = options;
    const desk = await deskOf(configFrom(options));
    const made = await desk.decide({
      model,
      kind,
      by,
      reason,
      ...(version === undefined ? {} : { version }),
    });
    console.log(options.json === true ? JSON.stringify(made, null, 2) : sentenceOf(made));
  };

/** The running process, which tells the line at once; else the folder, of which the line is told at its next start. */
const deskOf = async (config: Config): Promise<ModelDesk> => {
  const running = await runningProcess(config);
  if (running === undefined) {
    const registry = modelsOf(config);
    return modelDesk(registry, (decision) => registry.decide({ ...decision, at: Date.now() }));
  }
  return {
    list: () => running.get('/v1/models'),
    show: (model, version) =>
      running.get(`/v1/models/${encodeURIComponent(model)}/${encodeURIComponent(version)}`),
    decide: ({ model, ...decision }) =>
      running.post(`/v1/models/${encodeURIComponent(model)}/decisions`, decision),
  };
};

const cellsOf = ({ model, aliases, versions }: ModelSummary): readonly (readonly string[])[] =>
  versions.map(({ version, last }) => [
    model,
    version,
    Object.entries(aliases)
      .filter(([, aliased]) => aliased === version)
      .map(([alias]) => alias)
      .join(', ') || '–',
    last?.kind ?? '–',
    last === null ? '–' : new Date(last.at).toISOString(),
    last?.by ?? '–',
    last?.reason ?? '–',
  ]);

const pageOf = ({ model, version, signature, card, decisions }: ModelDescription): string =>
  [
    `${model}@${version}`,
    `takes ${signature.features.length} features, alarms from ${signature.threshold.toFixed(3)} on, SHA-256 ${signature.sha256}`,
    '',
    JSON.stringify(card, null, 2),
    '',
    ...decisions.map(
      (made) => `${new Date(made.at).toISOString()}  ${made.kind} by ${made.by}: ${made.reason}`,
    ),
  ].join('\n');

const sentenceOf = ({ model, version, kind, before }: ModelDecision): string =>
  `${model}@${version} is ${kind.replace('_', ' ')}${before === null || before === version ? '' : `; the champion before was ${before}`}`;
