import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Channel } from '../../../../sinks/outbox/channel.ts';
import type { Answer, Counterpart } from '../../../support/contracts/channel.ts';

export interface HttpSeen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpCounterpart extends Counterpart {
  readonly url: string;
  readonly seen: HttpSeen[];
  /** What it answers instead of what `answer` says. */
  reply: ((seen: HttpSeen) => HttpReply) | undefined;
}

export interface HttpCounterpartOptions {
  readonly channelTo: (url: string) => Channel;
  readonly secrets: readonly string[];
  /** Complains of a request that the documented interface would not take; its complaint is answered with 400. */
  readonly check: (seen: HttpSeen) => string | null;
  readonly yes: HttpReply;
  /** What the content of a request is, decoded. */
  readonly textOf?: (seen: HttpSeen) => string;
}

const statuses: Readonly<Partial<Record<Answer, number>>> = { no: 400, busy: 500, wait: 429 };

/** A fake of ours of an HTTP interface: it takes what the interface documents and complains of everything else. */
export const httpCounterpart = async (options: HttpCounterpartOptions): Promise<HttpCounterpart> => {
  const {
    channelTo,
    secrets,
    check,
    yes,
    textOf = ({ headers, body }) => `${JSON.stringify(headers)}\n${body}`,
  } = options;
  const seen: HttpSeen[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      seen.push(one);
      counterpart.onRequest();
      const complaint = check(one);
      const own = counterpart.reply?.(one);
      if (counterpart.answer === 'silence') return;
      if (counterpart.answer === 'hang_up') return void response.socket?.destroy();
      const said = `${one.path} ${JSON.stringify(one.headers)} ${one.body}`;
      const reply: HttpReply =
        own ??
        (complaint !== null
          ? { status: 400, body: complaint }
          : counterpart.answer === 'yes'
            ? yes
            : { status: statuses[counterpart.answer] ?? 500, body: said });
      const wait = counterpart.answer === 'wait' ? { 'retry-after': '7' } : {};
      response.writeHead(reply.status, { ...reply.headers, ...wait }).end(reply.body ?? '');
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  const url = `http://127.0.0.1:${port}`;
  const counterpart: HttpCounterpart = {
    url,
    seen,
    channel: channelTo(url),
    answer: 'yes',
    reply: undefined,
    onRequest: () => undefined,
    received: () => seen.map(textOf),
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    secrets,
  };
  return counterpart;
};

export const parsed = (body: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};
