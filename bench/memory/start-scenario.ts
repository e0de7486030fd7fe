import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import type { Outcome } from './scenario.ts';
import { scenarios, type Size } from './scenarios.ts';

const script = fileURLToPath(new URL(`run-scenario${extname(import.meta.url)}`, import.meta.url));

/** Runs a scenario in a process of its own with the heap that it may have; one that needs more dies of it. */
export const startScenario = async (
  name: string,
  size: Size,
  secs: number,
  flags: readonly string[] = process.execArgv,
): Promise<Outcome> => {
  const { heapMB } = scenarios(size)[name]!;
  const heap = `--max-old-space-size=${heapMB}`;
  const printed = await runProcess(process.execPath, [...flags, heap, script, name, size, String(secs)]);
  return jsonLines(printed)[0] as Outcome;
};
