import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with the next conditional put, besides what it is asked. */
export type S3Trouble = 'none' | 'lost-answer' | 'down';

export interface S3Server {
  readonly url: string;
  trouble: S3Trouble;
  /** Keys of the bucket, in order. */
  keys(): readonly string[];
  /** Bytes of all of them. */
  sizes(): readonly number[];
  /** Sizes of the parts of each upload that was ended. */
  readonly multiparts: (readonly number[])[];
  /** Uploads that were begun and neither ended nor given up. */
  openUploads(): number;
  close(): Promise<void>;
}

interface Stored {
  readonly bytes: Buffer;
  readonly etag: string;
}

/**
 * One bucket in memory, as the official client sees S3: objects, uploads in parts, and `If-Match` and `If-None-Match` on
 * puts with the answers that S3 documents (412 where the condition fails, 404 where what must match is not there). It is
 * ours, because no server of the npm registry knows conditional puts; signatures are not looked at.
 */
export const startS3Server = async (bucket: string): Promise<S3Server> => {
  const objects = new Map<string, Stored>();
  const uploads = new Map<string, Map<number, Stored>>();
  const multiparts: (readonly number[])[] = [];

  const put = (key: string, bytes: Buffer, headers: IncomingMessage['headers']): number | Stored => {
    const known = objects.get(key);
    if (headers['if-none-match'] === '*' && known !== undefined) return 412;
    if (headers['if-match'] !== undefined) {
      if (known === undefined) return 404;
      if (known.etag !== headers['if-match']) return 412;
    }
    const stored = { bytes, etag: etagOf(bytes) };
    objects.set(key, stored);
    return stored;
  };

  const answer = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, asked = '', ...path] = url.pathname.split('/').map(decodeURIComponent);
    const key = path.join('/');
    const upload = url.searchParams.get('uploadId');
    const part = Number(url.searchParams.get('partNumber'));
    if (asked !== bucket) return fail(response, 404, 'NoSuchBucket');
    if (own.trouble === 'down') return fail(response, 503, 'SlowDown');
    switch (request.method) {
      case 'GET': {
        const stored = objects.get(key);
        if (stored === undefined) return fail(response, 404, 'NoSuchKey');
        return void response.setHeader('etag', stored.etag).end(stored.bytes);
      }
      case 'DELETE': {
        if (upload === null) objects.delete(key);
        else uploads.delete(upload);
        return void response.writeHead(204).end();
      }
      case 'PUT': {
        if (upload !== null) {
          const stored = { bytes: body, etag: etagOf(body) };
          uploads.get(upload)?.set(part, stored);
          return void response.setHeader('etag', stored.etag).end();
        }
        const done = put(key, body, request.headers);
        const isConditional =
          request.headers['if-match'] !== undefined || request.headers['if-none-match'] !== undefined;
        if (own.trouble === 'lost-answer' && isConditional) {
          own.trouble = 'none';
          return void response.destroy();
        }
        if (done === 404) return fail(response, 404, 'NoSuchKey');
        if (typeof done === 'number') return fail(response, done, 'PreconditionFailed');
        return void response.setHeader('etag', done.etag).end();
      }
      case 'POST': {
        if (upload === null) {
          const id = String(uploads.size + multiparts.length + 1);
          uploads.set(id, new Map());
          return xml(
            response,
            200,
            `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
          );
        }
        const numbers = [...body.toString('utf8').matchAll(/<PartNumber>(\d+)</g)].map(([, n]) => Number(n));
        const parts = numbers.map((number) => uploads.get(upload)!.get(number)!.bytes);
        if (parts.slice(0, -1).some(({ length }) => length < 5 << 20))
          return fail(response, 400, 'EntityTooSmall');
        uploads.delete(upload);
        multiparts.push(parts.map(({ length }) => length));
        put(key, Buffer.concat(parts), {});
        return xml(
          response,
          200,
          `<CompleteMultipartUploadResult><ETag>${objects.get(key)!.etag}</ETag></CompleteMultipartUploadResult>`,
        );
      }
      default:
        return fail(response, 405, 'MethodNotAllowed');
    }
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => answer(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const own: S3Server = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble: 'none',
    keys: () => [...objects.keys()].toSorted(),
    sizes: () => [...objects.values()].map(({ bytes }) => bytes.length),
    multiparts,
    openUploads: () => uploads.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return own;
};

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const xml = (response: ServerResponse, status: number, body: string): void =>
  void response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${body}`);

const fail = (response: ServerResponse, status: number, code: string): void =>
  xml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
