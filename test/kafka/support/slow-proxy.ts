import { connect, createServer, type Socket } from 'node:net';

/** Stands between a broker and everybody: slow if it is wanted, or deaf to those who fetch. */
export interface SlowProxy {
  readonly port: number;
  /** Bytes per second of all connections together, both ways. */
  bytesPerSec: number;
  /** From the next request to end a transaction on nobody comes through, and whoever was there is put out; resolves when that is so. */
  readonly cutAtEndOfTransaction: () => Promise<void>;
  readonly mend: () => void;
  /** Connections over which records have been fetched carry nothing any more, and stay open. New ones do. */
  readonly hangFetches: () => number;
  readonly close: () => Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly broker: Socket;
  fetches: boolean;
  hangs: boolean;
}

const SLICE_MS = 20;
/** Kinds of requests, behind their length. Source: Kafka protocol guide, API keys. */
const FETCH = 1;
const END_TXN = 26;

export const startSlowProxy = async (targetPort: () => number): Promise<SlowProxy> => {
  const links = new Set<Link>();
  const waiting: (() => void)[] = [];
  let budget = 0;
  let isCut = false;
  let cut: (() => void) | undefined;
  const timer = setInterval(() => {
    // Never more than a slice's worth ahead.
    budget = Math.min(budget, 0) + (proxy.bytesPerSec * SLICE_MS) / 1_000;
    while (budget > 0 && waiting.length > 0) waiting.shift()!();
  }, SLICE_MS);
  const pass = (link: Link, from: Socket, to: Socket): void => {
    from.on('data', (bytes) => {
      const kind = from === link.client && bytes.length > 6 ? bytes.readUInt16BE(4) : undefined;
      if (kind === FETCH) link.fetches = true;
      if (kind === END_TXN) cut?.();
      if (isCut) return;
      if (link.hangs) return;
      if (proxy.bytesPerSec === Infinity) return void to.write(bytes);
      from.pause();
      waiting.push(() => {
        budget -= bytes.length;
        to.write(bytes);
        from.resume();
      });
    });
    from.once('close', () => {
      links.delete(link);
      to.destroy();
    });
    from.on('error', () => to.destroy());
  };
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const broker = connect(targetPort(), '127.0.0.1');
    const link = {
      client: client.setNoDelay(true),
      broker: broker.setNoDelay(true),
      fetches: false,
      hangs: false,
    };
    links.add(link);
    pass(link, client, broker);
    pass(link, broker, client);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const proxy: SlowProxy = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    bytesPerSec: Infinity,
    cutAtEndOfTransaction: () =>
      new Promise((resolve) => {
        cut = () => {
          cut = undefined;
          isCut = true;
          for (const { client } of links) client.destroy();
          resolve();
        };
      }),
    mend: () => (isCut = false),
    hangFetches: () => {
      const fetching = [...links].filter(({ fetches }) => fetches);
      for (const link of fetching) link.hangs = true;
      return fetching.length;
    },
    close: () =>
      new Promise((resolve) => {
        clearInterval(timer);
        for (const { client, broker } of links) for (const socket of [client, broker]) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return proxy;
};
