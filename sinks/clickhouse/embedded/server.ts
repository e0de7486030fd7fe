import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { openEngine, type Engine } from './engine.ts';
import { forgetUncommitted } from './forget-uncommitted.ts';
import { httpFront } from './http-front.ts';
import type { FromChild, StartMessage, ToChild } from './messages.ts';

/**
 * The child process that ClickHouse lives in: nothing that happens to it, from a crash to a blocked thread pool,
 * reaches the engine. Signals of a terminal are the parent's business; it ends when told to, or with its parent.
 */
let engine: Engine | undefined;
let front: Server | undefined;

const tell = (message: FromChild): void => {
  process.send?.(message);
};

const start = async ({ folder, port, password }: StartMessage): Promise<void> => {
  try {
    await import('chdb');
  } catch (error) {
    return tell({ type: 'unavailable', reason: reasonOf(error) });
  }
  try {
    await forgetUncommitted(folder);
    engine = await openEngine(folder);
    const server = httpFront(engine, password);
    front = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    tell({ type: 'ready', port: (server.address() as AddressInfo).port });
  } catch (error) {
    tell({ type: 'failed', reason: reasonOf(error) });
  }
};

const stop = async (): Promise<void> => {
  const closed = new Promise<void>((resolve) => {
    if (front === undefined) resolve();
    else front.close(() => resolve());
  });
  front?.closeIdleConnections();
  await closed;
  await engine?.close();
  process.exit(0);
};

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Without its parent nobody waits for an answer, and the next run wants the folder: what was answered is safe.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToChild) => {
  void (message.type === 'start' ? start(message) : stop());
});
