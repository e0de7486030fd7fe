import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Exit, RunningLine } from '../../system/running-line.ts';
import { startLine } from '../../system/running-line.ts';
import { until } from '../../support/until.ts';

/** One of the processes that share a line, by the name that it has in the group. */
export interface Member extends RunningLine {
  readonly name: string;
}

interface Status {
  readonly at: number;
  readonly settled: boolean;
  readonly decided: boolean;
  readonly numbers: readonly number[];
  readonly outbox: unknown;
  readonly tasks: readonly { readonly name: string; readonly epoch: number }[];
}

export interface SharedLine {
  /** One address for all of them, as a load balancer is: each document goes to the next one that takes it. */
  readonly url: string;
  readonly members: readonly Member[];
  /** Starts one more, and waits until it is ready. */
  readonly join: (name: string) => Promise<Member>;
  /** Which partition numbers each member has. */
  readonly numbers: () => Promise<Readonly<Record<string, readonly number[]>>>;
  /** Resolves when each number runs in one of the members, and nowhere twice. */
  readonly placed: () => Promise<void>;
  readonly kill: (name: string) => Promise<void>;
  /** SIGINT: it gives what it has, and ends. */
  readonly leave: (name: string) => Promise<Exit>;
  /** Stops one in the middle of whatever it does, as a machine does that is taken for dead. */
  readonly pause: (name: string) => Member;
  readonly resume: (member: Member) => void;
  /** SIGINT to all; resolves with how they ended. */
  readonly stop: () => Promise<readonly Exit[]>;
}

export interface SharedLineOptions {
  readonly folder: string;
  readonly config: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly partitions: number;
  /** The member whose page people look at, where it is one; any of them otherwise. */
  readonly desk?: string | undefined;
}

const patienceMs = 120_000;

/** Processes of one line, each with a data folder of its own, behind one address. */
export const sharedLine = async (options: SharedLineOptions): Promise<SharedLine> => {
  const { folder, config, environment, partitions, desk } = options;
  const members: Member[] = [];
  let turn = 0;

  /** Asked again once: a connection that has idled is closed just when it is used, now and then. */
  const statusOf = async ({ url }: Member): Promise<Status> => {
    const ask = (): Promise<Response> => fetch(`${url}/v1/status`);
    return (await ask().catch(ask)).json() as Promise<Status>;
  };

  /** What all of them say, of one moment: nothing moved from the first answer to the last. */
  const status = async (): Promise<unknown> => {
    const first = await Promise.all(members.map(statusOf));
    const again = await Promise.all(members.map(statusOf));
    const print = (all: readonly Status[]): string =>
      JSON.stringify(all.map(({ at, tasks }) => [at, tasks.map(({ name, epoch }) => [name, epoch])]));
    const owned = again.flatMap(({ numbers }) => numbers);
    const isStill =
      print(first) === print(again) &&
      new Set(again.map(({ at }) => at)).size === 1 &&
      new Set(owned).size === partitions;
    return {
      ...again[0],
      settled: isStill && [...first, ...again].every(({ settled }) => settled),
      decided: isStill && [...first, ...again].every(({ decided }) => decided),
      at: Math.max(...again.map(({ at }) => at)),
      outbox: again.find(({ outbox }) => outbox !== null)?.outbox ?? null,
    };
  };

  /** From one process to the next until one takes it: those that are dead or have nothing at the moment do not. */
  const forward = async (
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
  ): Promise<void> => {
    const method = incoming.method ?? 'GET';
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([key, value]) =>
        typeof value === 'string' && !['host', 'connection', 'content-length'].includes(key)
          ? [[key, value]]
          : [],
      ),
    );
    await until(
      `${method} ${incoming.url} is answered`,
      async () => {
        const isForAny = desk === undefined || incoming.url!.startsWith('/v1/ingest/');
        const member = isForAny
          ? members[(turn += 1) % members.length]!
          : members.find(({ name }) => name === desk)!;
        const answer = await fetch(`${member.url}${incoming.url}`, {
          method,
          headers,
          ...(method === 'GET' ? {} : { body: Uint8Array.from(body) }),
        }).catch(() => undefined);
        if (answer === undefined || answer.status === 429 || answer.status === 503) return false;
        outgoing.writeHead(answer.status, {
          'content-type': answer.headers.get('content-type') ?? 'text/plain',
        });
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
        return true;
      },
      patienceMs,
    );
  };

  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const answered =
        incoming.url === '/v1/status'
          ? status().then((all) => void outgoing.end(JSON.stringify(all)))
          : forward(incoming, Buffer.concat(parts), outgoing);
      answered.catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));

  /** Nobody asks it any more. */
  const without = (name: string): Member =>
    members.splice(
      members.findIndex((member) => member.name === name),
      1,
    )[0]!;
  const numbers = async (): Promise<Record<string, readonly number[]>> =>
    Object.fromEntries(
      await Promise.all(
        members.map(async (member) => [member.name, (await statusOf(member)).numbers] as const),
      ),
    );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    members,
    join: async (name) => {
      const line = await startLine({
        config,
        data: join(folder, name),
        environment: { ...environment, FOREWARN_LOG_KAFKA_MEMBER: name },
      });
      const member = { ...line, name };
      members.push(member);
      return member;
    },
    numbers,
    placed: () =>
      until(
        'each number runs once',
        async () => {
          const all = Object.values(await numbers()).flat();
          return all.length === partitions && new Set(all).size === partitions;
        },
        patienceMs,
      ),
    kill: (name) => without(name).kill(),
    leave: (name) => {
      const member = without(name);
      member.send('SIGINT');
      return member.exited;
    },
    pause: (name) => {
      const member = without(name);
      member.send('SIGSTOP');
      return member;
    },
    resume: (member) => {
      member.send('SIGCONT');
      members.push(member);
    },
    stop: async () => {
      for (const { send } of members) send('SIGINT');
      const ends = await Promise.all(members.map(({ exited }) => exited));
      server.close();
      return ends;
    },
  };
};
