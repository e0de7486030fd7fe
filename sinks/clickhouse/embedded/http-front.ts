import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createBrotliDecompress, createGunzip, gzipSync } from 'node:zlib';
import { slots } from '../../../runtime/slots.ts';
import type { Answer, Engine } from './engine.ts';
import { exceptionOf, statusOf } from './exception.ts';
import { statementOf } from './statement.ts';

/** Each running statement blocks a thread of libuv's pool; four of twelve stay free for files and zlib. */
const RUNNING_AT_MOST = 8;

/**
 * ClickHouse's HTTP interface, as much of it as clients need: POST and GET, settings and `param_…` in the URL,
 * compressed bodies, `/ping`, errors as `Code: N. DB::Exception: …`. Answers are whole, not streamed. The user is
 * `default`, with the password that the parent made.
 */
export const httpFront = (engine: Engine, password: string): Server => {
  const slot = slots(RUNNING_AT_MOST);
  const server = createServer((request, response) => {
    void respond(request, response).catch((error: unknown) => refuse(response, error));
  });
  // Longer than clients keep an idle socket, so that they never write into one that is closing.
  server.keepAliveTimeout = 30_000;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping') return void response.end('Ok.\n');
    if (!isAllowed(request, url, password)) {
      request.resume();
      throw new Error('Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
    }
    const body = await bodyOf(request);
    if (request.method === 'GET') url.searchParams.set('readonly', '2');
    const statement = statementOf(url.searchParams, body);
    if (statement.sql.trim() === '') throw new Error('Code: 62. DB::Exception: Empty query. (SYNTAX_ERROR)');
    const answer = await slot(() => engine.run(statement, body));
    response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id') ?? randomUUID());
    response.setHeader('X-ClickHouse-Format', statement.format);
    response.setHeader('X-ClickHouse-Summary', summaryOf(answer));
    response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    const wantsGzip =
      url.searchParams.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (wantsGzip) response.setHeader('Content-Encoding', 'gzip');
    response.end(wantsGzip ? gzipSync(answer.bytes) : answer.bytes);
  };
  return server;
};

const refuse = (response: ServerResponse, error: unknown): void => {
  const exception = exceptionOf(error);
  response.statusCode = statusOf(exception.code);
  response.setHeader('X-ClickHouse-Exception-Code', String(exception.code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(`${exception.text}\n`);
};

const isAllowed = ({ headers }: IncomingMessage, { searchParams }: URL, password: string): boolean => {
  const [, basic] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const pair = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
  const key = headers['x-clickhouse-key'];
  const said =
    searchParams.get('password') ?? (typeof key === 'string' ? key : pair.slice(pair.indexOf(':') + 1));
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(said), digest(password));
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  switch (request.headers['content-encoding']) {
    case undefined:
    case 'identity':
      return buffer(request);
    case 'gzip':
      return buffer(request.pipe(createGunzip()));
    case 'br':
      return buffer(request.pipe(createBrotliDecompress()));
    default:
      request.resume();
      throw new Error('Code: 48. DB::Exception: Bodies come plain, gzip or br. (NOT_IMPLEMENTED)');
  }
};

const summaryOf = (answer: Answer): string =>
  JSON.stringify({
    read_rows: String(answer.readRows),
    read_bytes: String(answer.readBytes),
    written_rows: String(answer.writtenRows),
    written_bytes: String(answer.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(answer.readRows + answer.writtenRows),
    result_bytes: String(answer.bytes.length),
    elapsed_ns: String(answer.elapsedNs),
  });
