import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCodes, ForewarnError, type ErrorCode } from '../../runtime/forewarn-error.ts';

/** What a client is told when its request fails; sent as `application/problem+json` (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: ErrorCode | 'internal';
  readonly title: string;
  readonly message: string;
}

/** Codes that are the caller's to mend, or that pass by themselves. What is not here is our fault: 500. */
const statusByCode: Partial<Record<ErrorCode, number>> = {
  FW302: 503,
  FW304: 503,
  FW310: 429,
  FW320: 404,
  FW321: 409,
  FW322: 503,
  FW401: 422,
  FW402: 422,
  FW405: 415,
  FW408: 404,
  FW409: 409,
  FW501: 503,
  FW505: 422,
  FW506: 404,
  FW507: 409,
  FW616: 409,
  FW701: 400,
  FW702: 413,
  FW703: 401,
  FW704: 403,
  FW705: 503,
  FW706: 404,
  FW707: 403,
  FW708: 409,
  FW709: 409,
  FW711: 404,
  FW712: 401,
  FW713: 503,
};

/** Seconds after which trying again makes sense. */
const retryAfterSec: Partial<Record<ErrorCode, number>> = {
  FW302: 5,
  FW310: 1,
  FW501: 5,
  FW705: 5,
  FW713: 5,
};

const ours = (error: ForewarnError): Problem => ({
  status: statusByCode[error.code] ?? 500,
  code: error.code,
  title: errorCodes[error.code].title,
  message: error.message,
});

/** Fastify's own errors carry a status; anything else is a bug, and its text stays in our log. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof ForewarnError) return ours(error);
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (error instanceof Error && status === 413)
    return ours(new ForewarnError('FW702', 'the body is larger than this address takes; send it in parts'));
  if (error instanceof Error && status >= 400 && status < 500)
    return { ...ours(new ForewarnError('FW701', error.message)), status };
  return {
    status: 500,
    code: 'internal',
    title: 'unexpected error',
    message: 'the request failed on our side; the log of the process says why',
  };
};

export const sendProblem = (reply: FastifyReply, error: unknown): FastifyReply => {
  const problem = problemOf(error);
  const waitSec = problem.code === 'internal' ? undefined : retryAfterSec[problem.code];
  if (waitSec !== undefined) void reply.header('retry-after', String(waitSec));
  if (problem.code === 'FW703') void reply.header('www-authenticate', 'Bearer');
  // Bytes, or fastify adds a charset that the media type does not have.
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
};

/** Error handler of the server: every failure leaves as a problem, and what is our fault is logged whole. */
export const problem = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (problemOf(error).status === 500) request.log.error(error);
  return sendProblem(reply, error);
};
