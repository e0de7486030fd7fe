import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Appended, Log } from '../../runtime/log/log.ts';
import type { Auth } from './auth.ts';
import type { FormatName } from '../../runtime/format-names.ts';
import { documentTypes, formatOf, isOpaque, mediaType } from '../decoders/content-type.ts';
import { documentIdOf, recordedHeardAt, type Document } from './document.ts';
import { isSourceName } from './source-name.ts';
import { checkCoding, unpacked } from './unpacked.ts';
import type { Webhooks } from './webhooks/webhook-sources.ts';

/** What decoding would make of one record of a document. */
export interface RecordVerdict {
  readonly position: number;
  readonly ok: boolean;
  readonly type: string;
  readonly id?: string;
  readonly code?: string;
  readonly reason?: string;
}

export interface IngestOptions {
  readonly log: Pick<Log, 'append'>;
  readonly auth: Auth;
  /** Sources that take signed requests without an API key. */
  readonly webhooks?: Webhooks;
  readonly bodyLimitBytes?: number;
  /** What the documents of a source are where their label does not say, as it is configured. */
  readonly formatSet?: (source: string) => FormatName | undefined;
  /** The log's time is what the input says: `x-forewarn-heard-at` is taken. */
  readonly recordedTime?: boolean;
  /** Decodes without writing, for `?validate=true`. */
  readonly validate?: (document: Document) => readonly RecordVerdict[] | Promise<readonly RecordVerdict[]>;
  readonly draining?: () => boolean;
  /** Called once a document is durable, for the counters. */
  readonly onDocument?: (document: Document, appended: Appended) => void;
}

interface IngestRoute {
  Params: { source: string };
  Querystring: { validate?: string };
}

const answerFor = ({ documentId }: Document, { partition, offset, heardAt, duplicate }: Appended) => ({
  document: documentId ?? `raw/${partition}/${offset}`,
  partition,
  offset,
  heardAt,
  duplicate,
});

/**
 * `POST /v1/ingest/:source`: bytes in, and an answer once they are durable; nothing is decoded before that, and only what
 * HTTP itself packed is unpacked.
 * Guarantee: 202 means that the document survives the process and the machine. A document that comes again with its
 * sender's id is recognised and answered as the first; without an id it is taken again, since equal content alone
 * says nothing. After any other answer, or none, send again.
 */
export const ingestRoutes =
  (options: IngestOptions): FastifyPluginAsync =>
  async (app) => {
    const bodyLimit = options.bodyLimitBytes ?? 8 << 20;

    const signed = new WeakSet<FastifyRequest>();
    const mayIngest = options.auth.requireScope('ingest');
    const letIn = async (request: FastifyRequest<IngestRoute>): Promise<void> => {
      if (options.webhooks?.admits(request.params.source, request)) signed.add(request);
      else await mayIngest(request);
    };

    /** All that can be said without the body is said before it is read. */
    const checkHead = async (request: FastifyRequest<IngestRoute>): Promise<void> => {
      if (options.draining?.())
        throw new ForewarnError('FW705', 'the process is stopping; send again when it is back');
      const { source } = request.params;
      if (!isSourceName(source))
        throw new ForewarnError('FW701', `source "${source}" is not 1 to 64 of a-z, 0-9 and "-"`);
      const contentType = mediaType(request.headers['content-type']);
      if (!documentTypes.includes(contentType) && !isOpaque(contentType))
        throw new ForewarnError(
          'FW405',
          `content type "${contentType}" is not one of ${documentTypes.join(', ')}`,
        );
      checkCoding(request.headers['content-encoding']);
    };

    /** A label that says nothing is enough where the source is set to a format, or the content shows its own. */
    const checkContent = (source: string, contentType: string, bytes: Uint8Array): void => {
      if (!isOpaque(contentType) || formatOf(contentType, bytes, options.formatSet?.(source)) !== null)
        return;
      throw new ForewarnError(
        'FW405',
        `what this ${contentType} is cannot be told from its content; set partners.${source}.format, or send it as one of ${documentTypes.join(', ')}`,
      );
    };

    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
      done(null, body);
    });

    app.post<IngestRoute>(
      '/v1/ingest/:source',
      { bodyLimit, onRequest: [letIn, checkHead] },
      async (request, reply) => {
        const { body, headers: head } = request;
        const bytes = Buffer.isBuffer(body)
          ? await unpacked(body, head['content-encoding'], bodyLimit)
          : Buffer.alloc(0);
        if (bytes.length === 0)
          throw new ForewarnError('FW701', 'the body is empty; send the document as it is');
        const { source } = request.params;
        const contentType = mediaType(request.headers['content-type']);
        const documentId = signed.has(request)
          ? `${source}/${await options.webhooks?.idOf(source, request, bytes)}`
          : documentIdOf(request, source, contentType, bytes);
        checkContent(source, contentType, bytes);
        const heardAt = recordedHeardAt(request, options.recordedTime ?? false);
        const document: Document = { source, contentType, documentId, bytes };
        const wantsVerdicts = request.query.validate === 'true';
        if (wantsVerdicts && options.validate === undefined)
          throw new ForewarnError('FW701', 'validate=true is not offered here; leave it out');

        const records = wantsVerdicts ? await options.validate?.(document) : undefined;
        const headers = { contentType, source, via: 'http' };
        const appended = await options.log.append(
          'raw',
          {
            key: source,
            value: bytes,
            headers: documentId === undefined ? headers : { ...headers, documentId },
          },
          {
            ...(documentId === undefined ? {} : { documentId }),
            ...(heardAt === undefined ? {} : { heardAt }),
          },
        );
        options.onDocument?.(document, appended);
        const answer = answerFor(document, appended);
        if (records === undefined) return reply.code(202).send(answer);
        const failed = records.filter((record) => !record.ok).length;
        const note =
          failed === 0
            ? 'taken; every record can be used'
            : `taken; ${failed} of ${records.length} records will be dead letters`;
        return reply.code(200).send({ ...answer, failed, note, records });
      },
    );
  };
