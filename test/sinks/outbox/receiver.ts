import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly requests: Received[];
  /** What was done, once for each `webhook-id`. */
  readonly effects: Map<string, Received>;
  /** What to answer; 200 unless the test says otherwise. */
  answer: (request: Received, response: ServerResponse, attempt: number) => void;
  /** Hangs up on everybody and listens no more. */
  kill(): Promise<void>;
  /** Listens again at the same address. */
  revive(): Promise<void>;
}

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** A real receiver that honours `webhook-id`: it acts before it answers, once for each id. */
export const startReceiver = async (): Promise<Receiver> => {
  const requests: Received[] = [];
  const effects = new Map<string, Received>();
  const make = (): Server =>
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
        requests.push(received);
        receiver.answer(received, response, requests.length);
      });
    });
  let server = make();
  const port = await listening(server, 0);
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hooks`,
    requests,
    effects,
    answer: (received, response) => {
      accept(receiver, received);
      response.end('ok');
    },
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    revive: async () => {
      server = make();
      await listening(server, port);
    },
  };
  return receiver;
};

export const accept = ({ effects }: Receiver, received: Received): void => {
  const id = String(received.headers['webhook-id']);
  if (!effects.has(id)) effects.set(id, received);
};
