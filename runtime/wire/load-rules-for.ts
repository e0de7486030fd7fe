import type { Rules } from '../../domain/rules.ts';
import { checkDestinations } from '../../sinks/outbox/check-destinations.ts';
import { loadRules } from '../rules/load-rules.ts';
import { wantedDestinations } from './start-outbox.ts';

/**
 * The rules of a folder as a start takes them, and a reload too: where actions go out, everything that they send to must
 * be configured (FW103 in a file of the rules, FW101 for what is missing in `forewarn.yaml`).
 */
export const loadRulesFor = (folder: string, destinations: readonly string[] | undefined): Rules => {
  const rules = loadRules(folder, destinations === undefined ? {} : { destinations });
  if (destinations !== undefined) checkDestinations(wantedDestinations(rules), destinations);
  return rules;
};
