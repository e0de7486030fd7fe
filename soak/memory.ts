import { scenarios } from '../bench/memory/scenarios.ts';
import { startScenario } from '../bench/memory/start-scenario.ts';
import type { Part } from './part.ts';

const ALL_SECS = 600;

/** Each situation for its share of ten minutes, in a process with no more heap than is said to be enough. */
export const memory: Part = {
  name: 'memory',
  about:
    'slow sink, slow model, ten minutes of disorder, 1 M keys, a silent writer: ten minutes within their bounds',
  run: async (print) => {
    const all = Object.keys(scenarios('full'));
    let failed = 0;
    for (const name of all) {
      const { faults } = await startScenario(name, 'full', ALL_SECS / all.length).catch((error: unknown) => ({
        faults: [error instanceof Error ? error.message : String(error)],
      }));
      if (faults.length > 0) failed += 1;
      for (const fault of faults) print(`${name}: ${fault}`);
    }
    return { passed: all.length - failed, failed, skipped: 0 };
  },
};
