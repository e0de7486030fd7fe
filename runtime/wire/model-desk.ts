import type { Aliases, ModelDecision } from '../../domain/model-decision.ts';
import type { ModelRegistry, NewDecision } from '../../models/registry.ts';
import type { Signature } from '../../models/signature.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { LoggedComparison } from './learning/compare-logged.ts';

/** A model with its versions, the newest decision of each beside it. */
export interface ModelSummary {
  readonly model: string;
  readonly aliases: Aliases;
  readonly versions: readonly {
    readonly version: string;
    /** Newest decision about it; null where there is none. */
    readonly last: Pick<ModelDecision, 'kind' | 'at' | 'by' | 'reason'> | null;
    readonly card: unknown;
  }[];
}

export interface ModelDescription {
  readonly model: string;
  readonly version: string;
  readonly signature: Signature;
  readonly card: unknown;
  readonly decisions: readonly ModelDecision[];
}

export type DecisionByHand = Pick<NewDecision, 'model' | 'kind' | 'by' | 'reason'> & {
  /** Or its first characters; for a way back, the champion before where none is given. */
  readonly version?: string;
};

/** What people do with models: look, compare, decide. */
export interface ModelDesk {
  list(): Promise<readonly ModelSummary[]>;
  show(model: string, version: string): Promise<ModelDescription>;
  /** By the promotion rule, on logged features. */
  compare(model: string, incumbent: string, candidate: string): Promise<LoggedComparison>;
  decide(decision: DecisionByHand): Promise<ModelDecision>;
}

export const modelDesk = (
  registry: ModelRegistry,
  decide: (decision: Omit<NewDecision, 'at'>) => Promise<ModelDecision>,
  compare: (model: string, incumbent: string, candidate: string) => Promise<LoggedComparison>,
): ModelDesk => ({
  list: async () =>
    Promise.all(
      (await registry.models()).map(async (model) => {
        const decisions = await registry.decisions(model);
        const versions = await registry.versions(model);
        return {
          model,
          aliases: await registry.aliases(model),
          versions: await Promise.all(
            versions.map(async (version) => ({
              version,
              last: decisions.findLast((one) => one.version === version) ?? null,
              card: (await registry.describe(model, version)).card,
            })),
          ),
        };
      }),
    ),
  show: async (model, given) => {
    const version = await versionNamed(registry, model, given);
    return {
      model,
      version,
      ...(await registry.describe(model, version)),
      decisions: (await registry.decisions(model)).filter((one) => one.version === version),
    };
  },
  compare: async (model, incumbent, candidate) =>
    compare(
      model,
      await versionNamed(registry, model, incumbent),
      await versionNamed(registry, model, candidate),
    ),
  decide: async ({ version, ...decision }) => {
    const { model, kind } = decision;
    const named =
      version === undefined && kind === 'rolled_back'
        ? await championBefore(registry, model)
        : await versionNamed(registry, model, version ?? '');
    return decide({ ...decision, version: named, numbers: {} });
  },
});

/** By an alias, by its id or by the first characters of it. */
const versionNamed = async (registry: ModelRegistry, model: string, given: string): Promise<string> => {
  const aliases: Readonly<Record<string, string | null>> = { ...(await registry.aliases(model)) };
  const aliased = aliases[given];
  if (aliased !== undefined && aliased !== null) return aliased;
  const versions = await registry.versions(model);
  const [found, another] = versions.filter((version) => given !== '' && version.startsWith(given));
  if (found !== undefined && another === undefined) return found;
  throw new ForewarnError(
    'FW601',
    `model "${model}": ${found === undefined ? `there is no version "${given}"` : `"${given}" is the beginning of several`}; it has ${versions.join(', ') || 'none'}`,
  );
};

/** The champion that the present one replaced. */
const championBefore = async (registry: ModelRegistry, model: string): Promise<string> => {
  const { champion } = await registry.aliases(model);
  const decisions = await registry.decisions(model);
  const last = decisions.findLast((one) => one.kind === 'promoted' && one.version === champion);
  if (last?.before !== undefined && last.before !== null) return last.before;
  throw new ForewarnError('FW601', `model "${model}": no version was champion before; name one to promote`);
};
