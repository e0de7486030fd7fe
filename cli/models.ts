import { userInfo } from 'node:os';
import type { ModelDecision, ModelDecisionKind } from '../domain/model-decision.ts';
import type { Config } from '../runtime/config/config.ts';
import { compareLogged, type LoggedComparison } from '../runtime/wire/learning/compare-logged.ts';
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
import { withTables } from './with-tables.ts';

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

/** `forewarn models compare <model> <incumbent> <candidate>`: what the promotion rule would say of them now. */
export const compareModelsCommand = async (
  model: string,
  incumbent: string,
  candidate: string,
  options: JsonOptions,
): Promise<void> => {
  const found = await (await deskOf(configFrom(options))).compare(model, incumbent, candidate);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : comparisonOf(found));
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
    const rule = config.models.promotion;
    return modelDesk(
      registry,
      (decision) => registry.decide({ ...decision, at: Date.now() }),
      (model, incumbent, candidate) =>
        withTables(config, (client) =>
          compareLogged({ client, registry, rule, model, incumbent, candidate }),
        ),
    );
  }
  return {
    list: () => running.get('/v1/models'),
    show: (model, version) =>
      running.get(`/v1/models/${encodeURIComponent(model)}/${encodeURIComponent(version)}`),
    compare: (model, incumbent, candidate) =>
      running.get(
        `/v1/models/${encodeURIComponent(model)}/${encodeURIComponent(incumbent)}/against/${encodeURIComponent(candidate)}`,
      ),
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

const comparisonOf = ({ comparison, learnedUntil, ...found }: LoggedComparison): string => {
  const { gain, calibration, worstSegment, shipments, ones } = comparison;
  const since = learnedUntil === null ? 'all of them' : `made after ${new Date(learnedUntil).toISOString()}`;
  const row = (what: string, incumbent: number, candidate: number): readonly string[] => [
    what,
    incumbent.toFixed(4),
    candidate.toFixed(4),
    (candidate - incumbent).toFixed(4),
  ];
  return [
    `${gain.rows} predictions of ${shipments} shipments that nobody treated, ${ones} of them late, ${since}`,
    columns(
      ['', found.incumbent, found.candidate, 'difference'],
      [
        row(gain.metric, gain.incumbent, gain.candidate),
        row('calibration error', calibration.incumbent, calibration.candidate),
        ...(worstSegment === null
          ? []
          : [
              row(
                `${gain.metric} of ${worstSegment.segment}`,
                worstSegment.gain.incumbent,
                worstSegment.gain.candidate,
              ),
            ]),
      ],
    ),
    `the rule says ${found.decision}: ${found.reasons.join('; ')}`,
  ].join('\n');
};

const sentenceOf = ({ model, version, kind, before }: ModelDecision): string =>
  `${model}@${version} is ${kind.replace('_', ' ')}${before === null || before === version ? '' : `; the champion before was ${before}`}`;
