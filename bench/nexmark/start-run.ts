import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonLines, runProcess } from './child-process.ts';
import type { Mode } from './contender.ts';
import type { QueryName } from './queries.ts';
import type { Run } from './run.ts';

interface Wanted {
  readonly who: string;
  readonly query: QueryName;
  readonly mode: Mode;
  readonly data: string;
  readonly runs: number;
}

/** The oracle keeps everything, several times over. */
const ORACLE_HEAP_MB = 8_192;

const script = fileURLToPath(new URL(`run-one${extname(import.meta.url)}`, import.meta.url));

/** Runs a contender in a new process, and so on a heap that nobody has used. */
export const startRun = async ({ who, query, mode, data, runs }: Wanted): Promise<readonly Run[]> => {
  const heap = who === 'oracle' ? [`--max-old-space-size=${ORACLE_HEAP_MB}`] : [];
  const flags = [...process.execArgv, ...heap];
  const printed = await runProcess(process.execPath, [
    ...flags,
    script,
    who,
    query,
    mode,
    data,
    String(runs),
  ]);
  return jsonLines(printed) as readonly Run[];
};
