import { chaos } from './chaos.ts';
import { collapse } from './collapse.ts';
import { crashes, failures, tableCrashes } from './crashes.ts';
import { effects } from './effects.ts';
import { kafka } from './kafka.ts';
import { lineKills } from './line-kills.ts';
import { memory } from './memory.ts';
import { outboxKills } from './outbox.ts';
import type { Part } from './part.ts';
import { actModel, cargo2000, determinism, fuzz, randomRuns } from './random-runs.ts';
import { sigkills } from './sigkills.ts';

const parts: readonly Part[] = [
  crashes,
  tableCrashes,
  failures,
  randomRuns,
  determinism,
  fuzz,
  cargo2000,
  outboxKills,
  actModel,
  lineKills,
  sigkills,
  effects,
  collapse,
  kafka,
  chaos,
  memory,
];

/** `npm run soak [-- <part> …]`: all parts in turn, or those that are named. */
const main = async (): Promise<void> => {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) {
    console.error(`no part "${unknown}"; there are ${parts.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
    return;
  }
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const part of parts) {
    if (named.length > 0 && !named.includes(part.name)) continue;
    const begun = performance.now();
    const outcome = await part
      .run((line) => console.error(`  ${part.name}: ${line}`))
      .catch((error: unknown) => {
        console.error(
          `  ${part.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        return { passed: 0, failed: 1, skipped: 0 };
      });
    passed += outcome.passed;
    failed += outcome.failed;
    skipped += outcome.skipped;
    const seconds = Math.round((performance.now() - begun) / 1_000);
    const state = outcome.failed > 0 ? 'FAILED' : outcome.passed > 0 ? 'passed' : 'skipped';
    console.log(`${part.name.padEnd(11)} ${state} in ${seconds} s: ${part.about}`);
  }
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (failed > 0) process.exitCode = 1;
};

await main();
