import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { stableId } from '../../domain/stable-id.ts';

/** The servers of one cluster, of which one is asked until it fails. */
export interface ClickHouseHosts {
  /** Opens connections for the client: to the host in use, or to the next one that can be reached. */
  readonly agent: Agent;
  /** Address of the host in use, such as `http://ch-1:8123`. */
  readonly current: () => string;
  /** `host` has failed: what is asked from now on goes to the next one. Nothing where it is not in use any more. */
  readonly leave: (host: string) => void;
}

export interface HostsOptions {
  /** Each process of ours begins elsewhere, so that they share the work; whoever asks must see what it wrote, so it stays. */
  readonly startAt?: number;
  /** A host that has not taken a connection by then is passed over. */
  readonly connectWithinMs?: number;
}

/**
 * Fail-over below the client: it knows one address, and connections go to whichever host is in use. Each request has a
 * connection of its own, so leaving a host needs no waiting for those that are kept alive.
 */
export const clickHouseHosts = (
  urls: readonly [string, ...string[]],
  { startAt = numberOf(hostname()), connectWithinMs = 3_000 }: HostsOptions = {},
): ClickHouseHosts => {
  const hosts = urls.map((url) => new URL(url));
  const isTls = hosts[0]?.protocol === 'https:';
  let inUse = startAt % hosts.length;
  const hostAt = (index: number): URL => hosts[index % hosts.length]!;

  const open = (url: URL): Socket => {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(url.port === '' ? (isTls ? 443 : 80) : url.port);
    return isTls ? connectTls({ host, port, servername: host }) : connect({ host, port });
  };
  /** Nothing was sent yet, so whatever is asked may go to another host. */
  const reach = (tries: number, done: (error: Error | null, socket?: Socket) => void): void => {
    const index = inUse;
    const socket = open(hostAt(index));
    socket.setTimeout(connectWithinMs);
    const fail = (error: Error): void => {
      socket.destroy();
      if (index === inUse) inUse = (index + 1) % hosts.length;
      if (tries > 1) reach(tries - 1, done);
      else done(error);
    };
    const onTimeout = (): void =>
      fail(new Error(`connect timed out after ${connectWithinMs} ms: ${hostAt(index).host}`));
    socket.once('error', fail);
    socket.once('timeout', onTimeout);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      socket.off('error', fail);
      socket.off('timeout', onTimeout);
      socket.setTimeout(0);
      done(null, socket);
    });
  };

  const agent: Agent = isTls ? new TlsAgent({ maxSockets: 10 }) : new Agent({ maxSockets: 10 });
  agent.createConnection = (_options, callback) => {
    reach(hosts.length, (error, socket) => callback?.(error, socket!));
    return undefined;
  };
  return {
    agent,
    current: () => hostAt(inUse).origin,
    leave: (host) => {
      if (hostAt(inUse).origin === host) inUse = (inUse + 1) % hosts.length;
    },
  };
};

const numberOf = (text: string): number => Number.parseInt(stableId(text).slice(0, 6), 16);
