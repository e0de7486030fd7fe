/**
 * The file of a worker that lies beside a module: TypeScript where the module runs from source (the thread
 * inherits the loader), JavaScript in `dist/`. (`file:///a/pool.ts`, `worker`) → `file:///a/worker.ts`.
 */
export const workerUrl = (moduleUrl: string, name: string): URL =>
  new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl);
