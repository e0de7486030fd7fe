import { resolve } from 'node:path';
import { featureNames } from '../domain/features.ts';
import { partitionsByTopic } from '../pipelines/topics.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { type Pipeline, refuseCycles } from '../runtime/graph.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import { gapsIn, gapWords } from '../runtime/rules/playbook-coverage.ts';
import { checkDataFolder } from '../runtime/wire/data-folder.ts';
import { channelsOf, messagesOf } from '../runtime/wire/channels.ts';
import { modelsOf } from '../runtime/wire/models-of.ts';
import { placeOfLog } from '../runtime/wire/open-log.ts';
import { destinationsOf, timeOf } from '../runtime/wire/simulation.ts';
import { checkRulesAgainst, wantedDestinations } from '../runtime/wire/start-outbox.ts';
import { checkDestinations } from '../sinks/outbox/check-destinations.ts';
import { createAuth } from '../sources/http/auth.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { decodingOf, pipelinesIn, shippedBy } from './definitions.ts';

interface Verdict {
  readonly ok: boolean;
  readonly line: string;
}

/**
 * `forewarn validate`: all that a start would refuse, at once and not one after the other. Nothing is started, nothing
 * is made. Answers 1 in the exit code when something is wrong.
 */
export const validateCommand = async (
  options: ConfigOptions & { readonly pipelines?: string },
): Promise<void> => {
  const verdicts: Verdict[] = [];
  const check = async (about: string, look: () => string | Promise<string>): Promise<void> => {
    try {
      verdicts.push({ ok: true, line: `${about}: ${await look()}` });
    } catch (error) {
      const said = error instanceof Error ? error.message.split('\n')[0]! : String(error);
      const line = error instanceof ForewarnError ? said : `${about}: ${said}`;
      // What the pipelines stand on may have been found wrong already.
      if (!verdicts.some((verdict) => verdict.line === line)) verdicts.push({ ok: false, line });
    }
  };

  let config: Config | undefined;
  await check('configuration', () => {
    config = configFrom(options);
    return options.config ?? 'forewarn.yaml where there is one, else defaults';
  });
  if (config !== undefined) await checkAll(config, options.pipelines, check);
  for (const { ok, line } of verdicts) console.log(`${ok ? 'ok   ' : 'wrong'}  ${line}`);
  const wrong = verdicts.filter(({ ok }) => !ok).length;
  console.log(wrong === 0 ? 'nothing is wrong' : `${wrong} of ${verdicts.length} are wrong`);
  if (wrong > 0) process.exitCode = 1;
};

const checkAll = async (
  config: Config,
  file: string | undefined,
  check: (about: string, look: () => string | Promise<string>) => Promise<void>,
): Promise<void> => {
  await check('data folder', () => {
    checkDataFolder(config.dataFolder, {
      partitions: config.log.partitions,
      time: timeOf(config),
      log: placeOfLog(config.log),
    });
    return `${resolve(config.dataFolder)}, ${timeOf(config)} time, ${config.log.partitions} partitions`;
  });
  await check('API keys', () => {
    createAuth({ keys: config.http.apiKeys, environment: process.env });
    return config.http.apiKeys.length === 0
      ? 'none, only this machine may call'
      : `${config.http.apiKeys.length}`;
  });
  await check('rules', () => {
    const rules = loadRules(resolve(config.rules), { destinations: destinationsOf(config) });
    checkDestinations(wantedDestinations(rules), destinationsOf(config));
    checkRulesAgainst(rules, config.destinations, resolve(config.rules));
    const gaps = gapWords(gapsIn(rules, Date.now()));
    return `${rules.playbooks.length} playbooks in ${resolve(config.rules)}${gaps === null ? '' : `; ${gaps}`}`;
  });
  await check('messages', () => {
    const surroundings = messagesOf(config);
    const channels = Object.values(channelsOf(config.destinations, surroundings));
    for (const { channel } of channels) channel.close?.();
    const { names } = surroundings.templates();
    return `${names.length} templates, ${channels.length} destinations of one's own`;
  });
  await check('mappings', () => decodingOf(config).mappings.standards.join(', '));
  await check('model', () => modelLine(config));

  const pipelines: Pipeline[] = [];
  await check('pipelines', () => {
    pipelines.push(...shippedBy(config));
    return pipelines.map(wordsOf).join(', ');
  });
  if (file !== undefined) {
    await check(file, async () => {
      const own = await pipelinesIn(file);
      pipelines.push(...own);
      return own.map(wordsOf).join(', ');
    });
  }
  await check('stages together', () => {
    const stages = pipelines.flatMap((pipeline) => pipeline.stages);
    refuseSameName(pipelines);
    refuseCycles(stages);
    refuseUnequal(pipelines, config.log.partitions);
    refuseOtherFeatures(pipelines);
    return `${stages.length} stages, none waits for itself`;
  });
};

const modelLine = async (config: Config): Promise<string> => {
  const registry = modelsOf(config);
  const name = config.models.lateDelivery;
  const { champion: version } = await registry.aliases(name);
  if (version === null) return `"${name}" has no champion; the rule of thumb scores`;
  const { signature } = await registry.load(name, version, featureNames);
  return `${name}@${version} takes ${signature.features.length} of the ${featureNames.length} features of the code`;
};

const wordsOf = ({ name, nodes }: Pipeline): string => {
  const keeping = nodes.filter((node) => node.kind === 'step' && node.step.stateful).length;
  return `${name} (${keeping} ${keeping === 1 ? 'step keeps' : 'steps keep'} state)`;
};

const refuseSameName = (pipelines: readonly Pipeline[]): void => {
  const names = new Set<string>();
  for (const { name } of pipelines) {
    if (names.has(name))
      throw new ForewarnError('FW202', `two pipelines are named "${name}"; choose another name`);
    names.add(name);
  }
};

/** What an engine would refuse: a step that makes other features than models take. */
const refuseOtherFeatures = (pipelines: readonly Pipeline[]): void => {
  const scorer = {
    modelVersion: '',
    threshold: 0,
    columns: featureNames.length,
    score: () => Promise.reject(new Error('nothing is scored here')),
  };
  for (const { name, nodes } of pipelines) {
    for (const node of nodes) {
      const fault = node.kind === 'step' ? node.step.faultsWith?.({ scorer: () => scorer })[0] : undefined;
      if (node.kind === 'step' && fault !== undefined)
        throw new ForewarnError(
          'FW208',
          `pipeline "${name}" step "${node.step.name ?? node.step.verb}": ${fault}`,
        );
    }
  }
};

/** What an engine would refuse: topics that one stage reads by key and that have other numbers of partitions. */
const refuseUnequal = (pipelines: readonly Pipeline[], partitions: number): void => {
  const counts = partitionsByTopic(partitions);
  for (const stage of pipelines.flatMap((pipeline) => pipeline.stages)) {
    const [first, ...others] = stage.sources.filter(({ topic }) => !topic.broadcast);
    if (first === undefined) continue;
    const wanted = counts[first.topic.name] ?? partitions;
    for (const { topic } of others) {
      const has = counts[topic.name] ?? partitions;
      if (has === wanted) continue;
      throw new ForewarnError(
        'FW204',
        `stage "${stage.name}": topic "${topic.name}" has ${has} partitions and "${first.topic.name}" has ${wanted}; topics that are joined must have the same number`,
      );
    }
  }
};
