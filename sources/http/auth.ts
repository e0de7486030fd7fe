import type { FastifyRequest } from 'fastify';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { apiKeys, scopes, type ApiKey, type Caller, type Scope } from './api-keys.ts';

export interface AuthOptions {
  /** Without any, only this machine may call. */
  readonly keys?: readonly ApiKey[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Let this machine in without a key even though keys are configured. */
  readonly trustLoopback?: boolean;
}

export interface Auth {
  /** True when requests from other machines can be let in at all. */
  readonly hasKeys: boolean;
  /** Hook that lets a request pass only with this scope: FW703 is answered 401, FW704 403. */
  requireScope(scope: Scope): (request: FastifyRequest) => Promise<void>;
  /** Who was let in; after `requireScope`. */
  callerOf(request: FastifyRequest): Caller;
}

const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);

const isLocalName = (host: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host.trim());

/**
 * A request of this machine's user, not of a web page or proxy that happens to run here: asked for by a local name
 * (a page whose name was re-bound to 127.0.0.1 says its own), not from a page of another origin, and not passed on.
 */
const isOurUser = ({ ip, headers }: FastifyRequest): boolean => {
  if (!isLoopback(ip) || headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined)
    return false;
  const { host, origin } = headers;
  if (host === undefined || !isLocalName(host)) return false;
  return origin === undefined || origin.replace(/^https?:\/\//, '') === host;
};

/** Whoever sits at this machine says who they are, and may do everything. */
const thisMachine: Caller = { name: 'local', scopes, roles: ['*'], onBehalf: true };

/** Who may do what: this machine everything while no API key is configured, else whoever presents a key. */
export const createAuth = (options: AuthOptions = {}): Auth => {
  const keys = options.keys ?? [];
  const callerWith = apiKeys(keys, options.environment ?? process.env);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const trustsLoopback = keys.length === 0 || (options.trustLoopback ?? false);

  const identify = (request: FastifyRequest): Caller => {
    const { authorization } = request.headers;
    const presented = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (presented !== undefined && keys.length > 0) {
      const caller = callerWith(presented);
      if (caller === undefined) throw new ForewarnError('FW703', 'this API key is not known');
      return caller;
    }
    if (trustsLoopback && isOurUser(request)) return thisMachine;
    if (keys.length > 0)
      throw new ForewarnError('FW703', 'send the header "Authorization: Bearer <key>" with an API key');
    throw new ForewarnError(
      'FW704',
      'without API keys only this machine may call; configure one to let others in',
    );
  };

  return {
    hasKeys: keys.length > 0,
    requireScope: (scope) => async (request) => {
      const caller = identify(request);
      if (!caller.scopes.includes(scope))
        throw new ForewarnError('FW704', `API key "${caller.name}" lacks the scope "${scope}"`);
      callers.set(request, caller);
    },
    callerOf: (request) => {
      const caller = callers.get(request);
      if (caller === undefined) throw new ForewarnError('FW703', 'this address was not asked for a scope');
      return caller;
    },
  };
};
