import { readFileSync } from 'node:fs';
import type { FastifyRequest } from 'fastify';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { aftershipScheme } from './aftership-scheme.ts';
import { easypostScheme } from './easypost-scheme.ts';
import { keysFromText, keysFromUrl, type KeysFromUrl } from './sender-keys.ts';
import { shipengineScheme } from './shipengine-scheme.ts';
import { standardScheme } from './standard-scheme.ts';
import { headerOf, missing, type WebhookScheme, type WhyRefused } from './webhook-scheme.ts';

/** `partners.<source>.webhook`, its references already replaced. */
export type WebhookSettings =
  | { readonly scheme: 'easypost' | 'aftership'; readonly secret: string }
  | { readonly scheme: 'standard'; readonly secret: string; readonly toleranceSec: number }
  | {
      readonly scheme: 'shipengine';
      readonly toleranceSec: number;
      readonly keysUrl: string;
      readonly keysFile?: string | undefined;
    };

export interface WebhookOptions {
  /** By source. */
  readonly sources: Readonly<Record<string, WebhookSettings>>;
  /** Wall clock, which is the sender's too. */
  readonly now: () => number;
  readonly fetch: KeysFromUrl['fetch'];
  readonly onRefused?: (source: string, why: WhyRefused) => void;
}

export interface Webhooks {
  /** Whether the source takes signed requests; a missing signature is FW712, said before the body is read. */
  admits(source: string, request: FastifyRequest): boolean;
  /** The sender's id of a signed request; FW712 where it is not signed as it should be. */
  idOf(source: string, request: FastifyRequest, body: Uint8Array): Promise<string>;
}

/**
 * Sources whose sender signs what it posts. A signed request needs no API key; one with a key needs no signature. A
 * message that is sent again keeps its id, so that the log recognises it, after a restart too.
 */
export const webhooksOf = ({ sources, now, fetch, onRefused }: WebhookOptions): Webhooks => {
  const schemes = new Map(
    Object.entries(sources).map(([source, settings]) => [source, schemeOf(source, settings, { now, fetch })]),
  );
  const refuse = (source: string, why: WhyRefused, detail: string): ForewarnError => {
    onRefused?.(source, why);
    return new ForewarnError('FW712', `webhook of source "${source}" is refused (${why}): ${detail}`);
  };
  return {
    admits: (source, request) => {
      const scheme = schemes.get(source);
      if (scheme === undefined || request.headers.authorization !== undefined) return false;
      if (headerOf({ headers: request.headers, body: new Uint8Array(), nowMs: 0 }, scheme.header) !== null)
        return true;
      const verdict = missing(scheme.header);
      throw refuse(source, 'unsigned', 'detail' in verdict ? verdict.detail : '');
    },
    idOf: async (source, { headers }, body) => {
      const verdict = await schemes.get(source)!.verify({ headers, body, nowMs: now() });
      if ('id' in verdict) return verdict.id;
      throw refuse(source, verdict.why, verdict.detail);
    },
  };
};

const schemeOf = (
  source: string,
  settings: WebhookSettings,
  { now, fetch }: Pick<WebhookOptions, 'now' | 'fetch'>,
): WebhookScheme => {
  const place = `partners.${source}.webhook`;
  switch (settings.scheme) {
    case 'easypost':
      return easypostScheme(settings.secret);
    case 'aftership':
      return aftershipScheme(settings.secret);
    case 'standard':
      return standardScheme(settings.secret, settings.toleranceSec, place);
    case 'shipengine': {
      const { keysFile, keysUrl, toleranceSec } = settings;
      const keys =
        keysFile === undefined
          ? keysFromUrl({ url: keysUrl, fetch, now })
          : keysFromText(textOf(keysFile, place), `${place}.keysFile "${keysFile}"`);
      return shipengineScheme(keys, toleranceSec);
    }
  }
};

const textOf = (file: string, place: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ForewarnError('FW101', `${place}.keysFile "${file}" cannot be read; give the path of a file`, {
      cause,
    });
  }
};
