import type { Dispatch } from '../../../domain/dispatch.ts';
import { type EdiReasons, reasonCodeOf } from '../../../domain/edi-reasons.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { Channel, SendOutcome } from '../channel.ts';
import { failureOf, httpClient, readFailureOf } from './http-client.ts';

export interface OtmOptions {
  /** The destination's name. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly domain: string;
  readonly predicted: string;
  readonly detected: string;
  readonly reasonPrefix: string;
  readonly idField: string | undefined;
  readonly reasons: EdiReasons;
  /** Wall time, for `Retry-After`. */
  readonly clock: Clock;
}

const resource = '/logisticsRestApi/resources-int/v2/trackingEvents';
const mediaType = 'application/vnd.oracle.resource+json;type=singular';

/**
 * The tracking event of a dispatch: the estimated time for what is predicted, the time it was seen for what was detected.
 * FW716 for a prediction without a time.
 */
export const trackingEventOf = (options: OtmOptions, action: Dispatch): Readonly<Record<string, unknown>> => {
  const { facts } = action;
  const isObserved = facts['kind'] === 'detected';
  const expected = facts['expectedAt'];
  const at = isObserved ? action.at : expected;
  if (typeof at !== 'number')
    throw new ForewarnError(
      'FW716',
      `destination "${options.name}": a prediction without "expectedAt" has no estimate to tell; let the step go out for what is detected only`,
    );
  return {
    domainName: options.domain,
    shipmentGid: `${options.domain}.${action.shipmentId}`,
    statusCodeGid: isObserved ? options.detected : options.predicted,
    ...(isObserved
      ? {
          statusReasonCodeGid: `${options.reasonPrefix}${reasonCodeOf(options.reasons, facts['category'], facts['cause'])}`,
        }
      : {}),
    eventdate: { value: new Date(at).toISOString(), timezone: 'UTC' },
    ...(options.idField === undefined ? {} : { [options.idField]: action.id }),
  };
};

/**
 * Tells Oracle Transportation Management by a tracking event. Resource and media type as Oracle's "REST API for Oracle
 * Transportation and Global Trade Management Cloud" names them (operation "Create a Tracking Event",
 * docs.oracle.com/en/cloud/saas/transportation/24c/otmra/op-trackingevents-post.html); the fields as integrations in
 * public repositories post them, for the page shows only a part. Tried against a fake of ours, never against an OTM.
 * Guarantee: OTM promises nothing for a repeated POST. With `idField` an attempt after a lost answer first looks for an
 * event that holds our id; without it, the action becomes uncertain.
 */
export const otm = (options: OtmOptions): Channel => {
  const { idField, clock } = options;
  const client = httpClient(options);

  const isThere = async (actionId: string, signal: AbortSignal): Promise<boolean | SendOutcome> => {
    const query = new URLSearchParams({ q: `${idField} eq "${actionId}"`, limit: '1' });
    const reply = await client.ask(
      {
        method: 'GET',
        path: `${resource}?${query.toString()}`,
        headers: { accept: 'application/vnd.oracle.resource+json' },
      },
      signal,
    );
    if (reply.kind !== 'answer' || reply.status !== 200) return readFailureOf(reply, clock.now());
    try {
      const { items } = JSON.parse(reply.body?.toString('utf8') ?? '') as { items?: unknown };
      if (Array.isArray(items)) return items.length > 0;
    } catch {
      // Told below.
    }
    return { kind: 'retry', httpStatus: 200, error: 'the list of tracking events cannot be read' };
  };

  return {
    deduplicates: idField !== undefined,
    send: async (action, { mayHaveIt = false, signal }) => {
      let body: string;
      try {
        body = JSON.stringify(trackingEventOf(options, action));
      } catch (error) {
        if (error instanceof ForewarnError) return { kind: 'refused', error: error.message };
        throw error;
      }
      if (mayHaveIt && idField !== undefined) {
        const found = await isThere(action.id, signal);
        if (found === true) return { kind: 'sent', httpStatus: 200 };
        if (found !== false) return found;
      }
      const reply = await client.ask(
        { method: 'POST', path: resource, headers: { 'content-type': mediaType, accept: mediaType }, body },
        signal,
      );
      if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300)
        return { kind: 'sent', httpStatus: reply.status };
      const failure = failureOf(reply, clock.now());
      const mayHaveDone = (failure.httpStatus ?? 0) >= 500 && failure.httpStatus !== 503;
      return mayHaveDone ? { ...failure, kind: 'unknown' } : failure;
    },
    close: () => client.close(),
  };
};
