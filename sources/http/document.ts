import type { FastifyRequest } from 'fastify';
import { opaqueTypes } from '../decoders/content-type.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { interchangeId } from './interchange-id.ts';

/** A document as it came: bytes that nobody has looked into. */
export interface Document {
  readonly source: string;
  readonly contentType: string;
  /** Its sender's id behind its source's name; undefined where the sender gave none. */
  readonly documentId: string | undefined;
  readonly bytes: Uint8Array;
}

const single = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** The id that the sender gave a request, by Standard Webhooks or by the header that APIs use for it. */
const requestId = (request: FastifyRequest): string | undefined => {
  for (const name of ['webhook-id', 'idempotency-key']) {
    const value = single(request, name)?.trim();
    if (value === undefined) continue;
    if (!/^[\x21-\x7e]{1,200}$/.test(value))
      throw new ForewarnError('FW701', `header ${name} must be 1 to 200 visible ASCII characters`);
    return value;
  }
  return undefined;
};

/** Types under which interchanges come, which name themselves. */
const ediTypes: readonly string[] = ['application/edi-x12', 'application/edifact', ...opaqueTypes];

/** Ids are the sender's, so two sources may use the same one for different documents. */
export const documentIdOf = (
  request: FastifyRequest,
  source: string,
  contentType: string,
  bytes: Uint8Array,
): string | undefined => {
  const mayBeEdi = ediTypes.includes(contentType);
  const id = requestId(request) ?? (mayBeEdi ? interchangeId(bytes) : undefined);
  return id === undefined ? undefined : `${source}/${id}`;
};

/** Log time of recorded input, in milliseconds: `x-forewarn-heard-at: 1767225600000`. */
export const recordedHeardAt = (request: FastifyRequest, isRecorded: boolean): number | undefined => {
  const header = single(request, 'x-forewarn-heard-at');
  if (header === undefined) return undefined;
  if (!isRecorded)
    throw new ForewarnError(
      'FW701',
      'x-forewarn-heard-at is for recorded input; this log stamps what it hears itself, so leave it out',
    );
  const heardAt = Number(header);
  if (header.trim() === '' || !Number.isFinite(heardAt) || heardAt < 0)
    throw new ForewarnError(
      'FW701',
      `x-forewarn-heard-at "${header}" is not a number of milliseconds since 1970`,
    );
  return heardAt;
};
