import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SendOrder, Sent } from './sender.ts';

export interface Sender {
  send(order: SendOrder): Promise<Sent>;
  close(): Promise<unknown>;
}

/** The clock of `Sent`, in the thread that asks. */
export const threadTime = (): number => performance.timeOrigin + performance.now();

export const startSender = (): Sender => {
  const worker = new Worker(new URL('./sender.js', import.meta.url));
  return {
    send: async (order) => {
      worker.postMessage(order);
      const [sent] = (await once(worker, 'message')) as [Sent];
      return sent;
    },
    close: () => worker.terminate(),
  };
};
