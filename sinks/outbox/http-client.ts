import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array | undefined;
  /** Its end is the end of the request. */
  readonly signal: AbortSignal;
}

/**
 * How a request ended. `unsent`: no connection stood, so nothing was received. `lost`: there was one, and no answer came, so
 * that nobody knows.
 */
export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** The beginning of it, for people; of a 2xx only where it was asked for. */
      readonly body: string;
      /** All of it, as far as it is kept; undefined where its end never came, or it is larger. */
      readonly bytes: Buffer | undefined;
    }
  | { readonly kind: 'unsent' | 'lost'; readonly error: string };

export interface HttpClientOptions {
  readonly maxSockets?: number;
  /** Read what a 2xx says, for receivers that say no with a yes. Without it a yes is a yes with its first line. */
  readonly readsYes?: boolean;
  /** Bytes of an answer that are kept. */
  readonly keptBytes?: number;
}

export interface HttpClient {
  /** Never rejects for what a receiver did; throws where no request can be made of what it was given. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** Bytes of an answer that people see. */
const SHOWN_BYTES = 500;

const contentOf = async (
  response: IncomingMessage,
  keptBytes: number,
): Promise<{ readonly body: string; readonly bytes: Buffer | undefined }> => {
  const chunks: Buffer[] = [];
  let size = 0;
  let isWhole = true;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      isWhole = size <= keptBytes;
      if (!isWhole) break;
    }
  } catch {
    // It broke off; the status is an answer all the same.
    isWhole = false;
  }
  const all = Buffer.concat(chunks);
  return { body: all.subarray(0, SHOWN_BYTES).toString('utf8'), bytes: isWhole ? all : undefined };
};

/** Address of a destination, or FW101. */
export const httpAddress = (address: string, place: string): URL => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new ForewarnError('FW101', `${place}: url "${address}" is not an http or https address`);
  return url;
};

/** One receiver over HTTP, with connections that are kept. It follows no redirect. */
export const httpClient = ({
  maxSockets = 64,
  readsYes = false,
  keptBytes = SHOWN_BYTES,
}: HttpClientOptions = {}): HttpClient => {
  const agentOptions = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets };
  const agents = { 'http:': new HttpAgent(agentOptions), 'https:': new HttpsAgent(agentOptions) };

  const answerOf = async (response: IncomingMessage): Promise<HttpAnswer> => {
    const { statusCode: status = 0, headers } = response;
    if (status < 200 || status >= 300 || readsYes)
      return { kind: 'answered', status, headers, ...(await contentOf(response, keptBytes)) };
    // What follows is read only to free the connection.
    response.on('error', () => undefined).resume();
    return { kind: 'answered', status, headers, body: '', bytes: undefined };
  };

  return {
    send: ({ method, url, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const isSecure = url.protocol === 'https:';
        const options = {
          method,
          agent: isSecure ? agents['https:'] : agents['http:'],
          signal,
          headers: {
            'user-agent': 'forewarn',
            ...headers,
            ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          },
        };
        // Before a connection stands, nothing can have been received.
        let hadConnection = false;
        const lost = (cause: unknown): void => {
          const said = cause instanceof Error ? cause.message : String(cause);
          resolve({
            kind: hadConnection ? 'lost' : 'unsent',
            error: signal.aborted ? 'no answer in time' : said,
          });
        };
        const sending = (isSecure ? httpsRequest : httpRequest)(url, options, (response) => {
          answerOf(response).then(resolve, reject);
        });
        sending.on('socket', (socket) => {
          if (!socket.connecting) hadConnection = true;
          else socket.once(isSecure ? 'secureConnect' : 'connect', () => (hadConnection = true));
        });
        sending.on('error', lost);
        sending.end(body);
      }),
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
};
