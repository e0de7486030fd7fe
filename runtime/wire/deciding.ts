import type { ModelRegistry } from '../../models/registry.ts';
import type { LineLog } from '../log/log.ts';
import type { Ends } from './ends.ts';
import { type ModelsControl, startModelsInForce } from './models-in-force.ts';
import {
  type LoadedRules,
  type RulesControl,
  type RulesInForceOptions,
  startRulesInForce,
} from './rules-in-force.ts';
import { modelsAtLead, rulesAtLead } from './sharing/at-lead.ts';

export interface DecidingOptions extends Omit<RulesInForceOptions, 'log' | 'atStart'> {
  readonly log: LineLog;
  /** As the process loaded them at its start. */
  readonly loadedAtStart: LoadedRules;
  readonly registry: ModelRegistry;
  readonly modelsChanged: () => Promise<void>;
  /** What this line decides at all: recorded time has the rules that it is replayed with, and its models unless it learns. */
  readonly decides: { readonly rules: boolean; readonly models: boolean };
}

export interface Deciding {
  /** Undefined where it is not decided. Where processes share a line, whoever is asked elsewhere says so. */
  readonly rules: RulesControl | undefined;
  readonly models: ModelsControl | undefined;
  /** Undefined where it is not decided here and now. */
  readonly modelsHere: () => ModelsControl | undefined;
  /** From now on this process decides which rules and models are in force, until the ends are. */
  readonly start: (atStart: LoadedRules, ends: Ends) => Promise<void>;
}

/** Which rules and models are in force, and who says so. */
export const deciding = (options: DecidingOptions): Deciding => {
  const { log, registry, modelsChanged, decides, loadedAtStart } = options;
  let rules: RulesControl | undefined;
  let models: ModelsControl | undefined;
  return {
    rules: decides.rules ? rulesAtLead(() => rules, loadedAtStart) : undefined,
    models: decides.models ? modelsAtLead(() => models, registry) : undefined,
    modelsHere: () => models,
    start: async (atStart, ends) => {
      if (decides.rules) {
        const control = await startRulesInForce({ ...options, atStart });
        ends.push(() => {
          rules = undefined;
          control.stop();
        });
        rules = control;
      }
      if (!decides.models) return;
      ends.push(() => (models = undefined));
      models = await startModelsInForce({ log, registry, changed: modelsChanged });
    },
  };
};
