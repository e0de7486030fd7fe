import { join, resolve } from 'node:path';
import type { Playbook } from '../domain/playbook.ts';
import type { Rules } from '../domain/rules.ts';
import { loadRules } from '../runtime/rules/load-rules.ts';
import { coverageOf, gapsIn } from '../runtime/rules/playbook-coverage.ts';
import { playExample } from '../runtime/rules/play-examples.ts';
import { loadRulesFor } from '../runtime/wire/load-rules-for.ts';
import { destinationsOf } from '../runtime/wire/simulation.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { coverageTable } from './coverage-table.ts';

export interface PlaybooksOptions extends ConfigOptions {
  readonly rules?: string;
  readonly json?: boolean;
}

/**
 * `forewarn playbooks check`: loads the rules as a start does, and prints which playbook takes what. What does not load
 * is said in one line, and the exit code is 1; gaps are shown and are no error.
 */
export const checkPlaybooksCommand = (options: PlaybooksOptions): void => {
  const config = configFrom(options);
  const rules = loadRulesFor(resolve(options.rules ?? config.rules), destinationsOf(config));
  const now = Date.now();
  const rows = coverageOf(rules, now);
  const gaps = gapsIn(rules, now);
  if (options.json === true)
    console.log(JSON.stringify({ fingerprint: rules.fingerprint, gaps, rows }, null, 2));
  else console.log(coverageTable(rows, gaps));
};

interface Played {
  readonly playbook: string;
  readonly example: number;
  readonly passed: boolean;
  /** What is wrong; null where nothing is. */
  readonly said: string | null;
}

/** `forewarn playbooks test`: plays every example of every playbook, and exits with 1 when one has another result. */
export const testPlaybooksCommand = (options: PlaybooksOptions): void => {
  const config = configFrom(options);
  const folder = resolve(options.rules ?? config.rules);
  const rules = loadRules(folder, { playsExamples: false });
  const played = rules.playbooks.flatMap((playbook) => playAll(playbook, rules));
  const failed = played.filter(({ passed }) => !passed).length;
  if (options.json === true)
    console.log(JSON.stringify({ played: played.length, failed, examples: played }, null, 2));
  else {
    for (const { playbook, example, passed, said } of played)
      console.log(
        passed ? `ok     ${playbook} examples[${example}]` : `wrong  ${join('playbooks', playbook)} ${said}`,
      );
    console.log(
      failed === 0
        ? `all ${played.length} examples pass`
        : `${failed} of ${played.length} examples are wrong`,
    );
  }
  if (failed > 0) process.exitCode = 1;
};

const playAll = (playbook: Playbook, rules: Rules): readonly Played[] =>
  playbook.examples.map((_, example) => {
    const said = playExample(playbook, example, rules);
    return { playbook: playbook.name, example, passed: said === null, said };
  });
