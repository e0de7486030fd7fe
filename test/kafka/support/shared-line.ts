import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exit, LineOptions, RunningLine } from '../../system/running-line.ts';
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
  readonly workers: number;
  readonly outbox: unknown;
  readonly tasks: readonly { readonly name: string; readonly epoch: number }[];
}

export interface SharedLine {
  /** One address for all of them, as a load balancer is: each document goes to the next one that takes it. */
  readonly url: string;
  readonly members: readonly Member[];
  /** Rejects when one of them ends that nobody has told to. */
  readonly fell: Promise<never>;
  /** Starts one more, of other code where its folder is given, and waits until it is ready. */
  readonly join: (
    name: string,
    root?: string,
    how?: Pick<LineOptions, 'args' | 'environment'>,
  ) => Promise<Member>;
  /** What each says of itself, for people who wonder why it stands still. */
  readonly said: () => Promise<string>;
  /** Which partition numbers each member has. */
  readonly numbers: () => Promise<Readonly<Record<string, readonly number[]>>>;
  /** How many worker threads each member has. */
  readonly workers: () => Promise<Readonly<Record<string, number | undefined>>>;
  /**
   * Resolves when each number runs in one of the members, nowhere twice, and nobody has two more than another: Kafka takes
   * in a second round what it gives to one who joined, and until then that one has nothing.
   */
  readonly placed: () => Promise<void>;
  readonly kill: (name: string) => Promise<void>;
  /** Nobody asks it any more, and it may end by itself. */
  readonly release: (name: string) => void;
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
  /** How many worker threads a member has; none without it. */
  readonly workersOf?: ((name: string) => number) | undefined;
  /** How long it may take to be whole again; four minutes without it. */
  readonly patienceMs?: number | undefined;
}

const answerMs = 5_000;

/** Processes of one line, each with a data folder of its own, behind one address. */
export const sharedLine = async (options: SharedLineOptions): Promise<SharedLine> => {
  const {
    folder,
    config,
    environment,
    partitions,
    desk,
    workersOf = () => 0,
    patienceMs = 240_000,
  } = options;
  const members: Member[] = [];
  let turn = 0;
  let fall: (error: Error) => void = () => undefined;
  const fell = new Promise<never>((_, reject) => (fall = reject));
  fell.catch(() => undefined);

  /** Undefined of one that does not answer. */
  const statusOf = async ({ url }: Member): Promise<Status | undefined> => {
    const answer = fetch(`${url}/v1/status`, { signal: AbortSignal.timeout(answerMs) });
    return answer.then((said) => said.json() as Promise<Status>).catch(() => undefined);
  };
  const statuses = async (): Promise<readonly Status[] | undefined> => {
    const all = await Promise.all(members.map(statusOf));
    const answered = all.filter((one) => one !== undefined);
    return answered.length === all.length && all.length > 0 ? answered : undefined;
  };

  /** What all of them say, of one moment: nothing moved from the first answer to the last. */
  const status = async (): Promise<unknown> => {
    const first = await statuses();
    const again = await statuses();
    if (first === undefined || again === undefined)
      return { settled: false, decided: false, at: 0, outbox: null };
    const print = (all: readonly Status[]): string =>
      JSON.stringify(all.map(({ at, tasks }) => [at, tasks.map(({ name, epoch }) => [name, epoch])]));
    const owned = again.flatMap(({ numbers }) => numbers);
    const isStill =
      print(first) === print(again) &&
      new Set(again.map(({ at }) => at)).size === 1 &&
      owned.length === partitions &&
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
          ? members[(turn += 1) % members.length]
          : members.find(({ name }) => name === desk);
        if (member === undefined) return false;
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
        members.map(async (member) => [member.name, (await statusOf(member))?.numbers ?? []] as const),
      ),
    );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    members,
    fell,
    join: async (name, root, how = {}) => {
      const line = await startLine({
        config,
        data: join(folder, name),
        environment: {
          ...environment,
          FOREWARN_LOG_KAFKA_MEMBER: name,
          FOREWARN_ENGINE_WORKERS: String(workersOf(name)),
          ...how.environment,
        },
        ...(how.args === undefined ? {} : { args: how.args }),
        ...(root === undefined ? {} : { root }),
      });
      const member = { ...line, name };
      members.push(member);
      // Beside its data, for whoever keeps the folder; else that may be gone by then.
      void member.exited
        .then(() => writeFile(join(folder, `${name}-${line.pid}.said`), line.output()))
        .catch(() => undefined);
      void member.exited.then((end) => {
        if (members.includes(member)) fall(new Error(`${name} has ended by itself: ${JSON.stringify(end)}`));
      });
      return member;
    },
    said: async () =>
      JSON.stringify(
        await Promise.all(members.map(async (member) => [member.name, (await statusOf(member)) ?? null])),
        null,
        1,
      ),
    numbers,
    workers: async () =>
      Object.fromEntries(
        await Promise.all(
          members.map(async (member) => [member.name, (await statusOf(member))?.workers] as const),
        ),
      ),
    placed: () =>
      until(
        'each number runs once, and each member has its share',
        async () => {
          const shares = Object.values(await numbers());
          const all = shares.flat();
          const counts = shares.map(({ length }) => length);
          const isEven = Math.max(...counts) - Math.min(...counts) <= 1;
          return isEven && all.length === partitions && new Set(all).size === partitions;
        },
        patienceMs,
      ),
    kill: (name) => without(name).kill(),
    release: (name) => void without(name),
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
      const ending = members.splice(0);
      for (const { send } of ending) send('SIGINT');
      const ends = await Promise.all(ending.map(({ exited }) => exited));
      server.close();
      return ends;
    },
  };
};
