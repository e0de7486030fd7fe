import type { MessagePort } from 'node:worker_threads';
import type { Config } from '../../config/config.ts';
import type { LoadedRules } from '../rules-in-force.ts';
import type { WorldPace } from '../wall-seconds.ts';
import type { ScorerFacts } from './scoring-over-port.ts';

/** What a thread of a line begins with: the same that the process began with. */
export interface LineThreadSettings {
  readonly config: Config;
  /** As the process loaded them: a file may have changed since. */
  readonly loaded: LoadedRules;
  readonly stateFolder: string;
  readonly generation: number;
  readonly pace: WorldPace | undefined;
  readonly scoring: { readonly port: MessagePort; readonly facts: ScorerFacts };
}
