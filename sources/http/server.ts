import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Auth } from './auth.ts';
import { problem, sendProblem } from './problem.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly auth: Auth;
  readonly logger?: FastifyBaseLogger;
  /** Largest body that any address takes, unless it says otherwise itself. */
  readonly bodyLimitBytes?: number;
}

export interface Server {
  readonly app: FastifyInstance;
  /** Resolves with the address that it listens on, such as `http://127.0.0.1:8080`. */
  listen(): Promise<string>;
  readonly draining: boolean;
  /** New requests are answered 503 from now on; resolves when those that run are answered, or the time is up. */
  drain(timeoutMs: number): Promise<void>;
}

const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

/** The one HTTP server of the process; routes are registered on `app` before `listen`. */
export const createServer = (options: ServerOptions): Server => {
  const { host, port, auth } = options;
  if (!isLoopbackHost(host) && !auth.hasKeys)
    throw new ForewarnError(
      'FW101',
      `http.host "${host}" is reachable from other machines, but no API key is configured; add one or use 127.0.0.1`,
    );
  const app = Fastify({
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    bodyLimit: options.bodyLimitBytes ?? 8 << 20,
    // A whole request must have come within this; slow readers of our answers are not bound by it.
    requestTimeout: 60_000,
    // Longer than the minute that load balancers keep an idle connection, so that they close it, not we.
    keepAliveTimeout: 75_000,
    connectionTimeout: 0,
    // `close` hangs up on idle connections and waits for those with a request in them.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
  });
  app.setErrorHandler(problem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new ForewarnError('FW706', `nothing answers ${request.method} ${request.url}`)),
  );

  let draining = false;
  app.addHook('onRequest', async (request) => {
    if (!draining || request.method === 'GET' || request.method === 'HEAD') return;
    throw new ForewarnError('FW705', 'the process is stopping; send again when it is back');
  });
  // A connection that is kept alive behind its last answer would hold `close` up until it times out.
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close');
  });

  return {
    app,
    listen: () => app.listen({ host, port }),
    get draining() {
      return draining;
    },
    drain: async (timeoutMs) => {
      draining = true;
      const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
      try {
        await app.close();
      } finally {
        clearTimeout(timer);
      }
    },
  };
};
