import { afterAll, beforeAll } from 'vitest';
import { type Broker, startBroker } from './broker.ts';
import { type SlowProxy, startSlowProxy } from './slow-proxy.ts';

/** A broker of the tests of this block, and what stands between it and everybody; there from `beforeAll` on. */
export const proxiedBroker = (): { broker: Broker; proxy: SlowProxy } => {
  const one = {} as { broker: Broker; proxy: SlowProxy };
  beforeAll(async () => {
    one.proxy = await startSlowProxy(() => one.broker.port);
    one.broker = await startBroker({ behind: one.proxy.port });
  }, 180_000);
  afterAll(async () => {
    await one.broker?.stop();
    await one.proxy?.close();
  });
  return one;
};
