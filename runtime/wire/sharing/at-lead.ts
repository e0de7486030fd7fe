import type { ModelRegistry } from '../../../models/registry.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import type { ModelsControl } from '../models-in-force.ts';
import type { LoadedRules, RulesControl } from '../rules-in-force.ts';

/** FW616: only the process that has number 0 decides for the line. */
const elsewhere = (what: string): ForewarnError =>
  new ForewarnError(
    'FW616',
    `${what} are decided by the process that runs partition number 0, and this one does not at the moment; ask another`,
  );

/** The rules as they are in force where they are decided; elsewhere as this process loaded them, and nothing changes them. */
export const rulesAtLead = (control: () => RulesControl | undefined, loaded: LoadedRules): RulesControl => ({
  inForce: () => control()?.inForce() ?? loaded.rules,
  reading: () => control()?.reading() ?? loaded.reading,
  reload: async (by) => {
    const here = control();
    if (here === undefined) throw elsewhere('rules');
    return here.reload(by);
  },
  stop: () => undefined,
});

/** Models: the registry is everybody's, and one process decides. */
export const modelsAtLead = (
  control: () => ModelsControl | undefined,
  registry: ModelRegistry,
): ModelsControl => ({
  registry,
  inForce: () => control()?.inForce() ?? {},
  decide: async (decision) => {
    const here = control();
    if (here === undefined) throw elsewhere('models');
    return here.decide(decision);
  },
});
