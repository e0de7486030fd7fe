import { fileURLToPath } from 'node:url';
import { loadRules } from '../../runtime/rules/load-rules.ts';

export const rulesFolder = fileURLToPath(new URL('../../rules', import.meta.url));

/** The rules that ship. */
export const rules = loadRules(rulesFolder);
