import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import type { Fitted } from './fitted.ts';
import type { Task } from './task.ts';

/** Trains on the first rows and scores the rest, on one thread; prints what it took, reading and scoring left out. */
const script = `
import json, sys, resource
import numpy as np, lightgbm
folder, columns, learned, trees, leaves, seed = sys.argv[1], *map(int, sys.argv[2:7])
x = np.fromfile(folder + "/matrix.f32", np.float32).reshape(-1, columns)
y = np.fromfile(folder + "/labels.u8", np.uint8)
used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
before = used()
data = lightgbm.Dataset(x[:learned], y[:learned])
options = {"objective": "binary", "num_leaves": leaves, "num_threads": 1, "seed": seed, "verbose": -1}
model = lightgbm.train(options, data, trees)
took = used() - before
model.predict(x[learned:], num_threads=1).astype(np.float32).tofile(folder + "/told.f32")
print(json.dumps({"cpuSeconds": took, "version": lightgbm.__version__}))
`;

const answer = z.object({ cpuSeconds: z.number(), version: z.string() });

export interface LightGbm {
  readonly version: string;
  fit(task: Task, options: { readonly trees: number; readonly leaves: number }): Promise<Fitted>;
}

/**
 * LightGBM from PyPI in an environment made in the folder, or of an interpreter that has it already. Null, with the reason
 * told, where Python or the package cannot be had.
 */
export const startLightGbm = async (
  folder: string,
  interpreter: string | undefined,
  say: (line: string) => void,
): Promise<LightGbm | null> => {
  try {
    const python = interpreter ?? (await environmentIn(join(folder, 'python'), say));
    const version = await runProcess(python, ['-c', 'import lightgbm; print(lightgbm.__version__)']);
    await writeFile(join(folder, 'fit.py'), script);
    return { version: version.trim(), fit: (task, options) => fit(folder, python, task, options) };
  } catch (error) {
    say(`LightGBM is left out: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
};

const environmentIn = async (at: string, say: (line: string) => void): Promise<string> => {
  const python = join(at, 'bin', 'python');
  if (existsSync(python)) return python;
  say('installing LightGBM from PyPI into a temporary folder');
  await runProcess('python3', ['-m', 'venv', at]);
  await runProcess(python, ['-m', 'pip', 'install', '--quiet', 'lightgbm']);
  return python;
};

const fit = async (
  folder: string,
  python: string,
  { name, matrix, labels, columns, learned, rows }: Task,
  { trees, leaves }: { readonly trees: number; readonly leaves: number },
): Promise<Fitted> => {
  const at = join(folder, name.replaceAll(/\W+/g, '-'));
  if (!existsSync(at)) {
    await mkdir(at);
    await writeFile(
      join(at, 'matrix.f32'),
      new Uint8Array(matrix.buffer, matrix.byteOffset, matrix.byteLength),
    );
    await writeFile(join(at, 'labels.u8'), labels);
  }
  const numbers = [columns.length, learned, trees, leaves, 1].map(String);
  const printed = await runProcess(python, [join(folder, 'fit.py'), at, ...numbers]);
  const { cpuSeconds } = answer.parse(jsonLines(printed)[0]);
  const told = await readFile(join(at, 'told.f32'));
  const scores = new Float32Array(told.buffer.slice(told.byteOffset, told.byteOffset + told.byteLength));
  if (scores.length !== rows - learned)
    throw new Error(`LightGBM told ${scores.length} of ${rows - learned} rows`);
  return { cpuSeconds, scores };
};
