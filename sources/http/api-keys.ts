import { createHash, timingSafeEqual } from 'node:crypto';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

export const scopes = ['ingest', 'approve', 'read'] as const;
export type Scope = (typeof scopes)[number];

/** A key as configured: either the SHA-256 of it in hex, or a reference such as `${SAIA_KEY}` to the environment. */
export interface ApiKey {
  readonly name: string;
  readonly sha256?: string | undefined;
  readonly key?: string | undefined;
  readonly scopes: readonly Scope[];
  /** As what its holder may approve; without any, as everything. */
  readonly roles?: readonly string[] | undefined;
  /** Whether a request may name somebody else as the one who decides: for portals that know their own people. */
  readonly onBehalf?: boolean | undefined;
}

/** Who sent a request, as far as we know; `name` is what an audit shows. */
export interface Caller {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** `*` stands for all of them. */
  readonly roles: readonly string[];
  readonly onBehalf: boolean;
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

const digestOf = (key: ApiKey, environment: NodeJS.ProcessEnv): Buffer => {
  const place = `api key "${key.name}"`;
  if ((key.sha256 === undefined) === (key.key === undefined))
    throw new ForewarnError('FW101', `${place} needs exactly one of sha256 and key`);
  if (key.sha256 !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(key.sha256))
      throw new ForewarnError('FW101', `${place}: sha256 is not 64 hex digits; make it with sha256sum`);
    return Buffer.from(key.sha256, 'hex');
  }
  const variable = /^\$\{(\w+)\}$/.exec(key.key ?? '')?.[1];
  if (variable === undefined)
    throw new ForewarnError(
      'FW101',
      `${place}: key must be a reference such as \${FOREWARN_KEY}, not the key`,
    );
  const value = environment[variable];
  if (value === undefined || value === '')
    throw new ForewarnError(
      'FW107',
      `${place}: environment variable ${variable} is not set; set it to the key`,
    );
  return digest(value);
};

/**
 * Looks a presented key up. Every configured key is compared, each in constant time over digests of equal length,
 * so that the time taken tells neither how much of a key was right nor which one it is.
 */
export const apiKeys = (
  keys: readonly ApiKey[],
  environment: NodeJS.ProcessEnv,
): ((presented: string) => Caller | undefined) => {
  const known = keys.map((key) => ({
    digest: digestOf(key, environment),
    caller: {
      name: key.name,
      scopes: key.scopes,
      roles: key.roles ?? ['*'],
      onBehalf: key.onBehalf ?? false,
    },
  }));
  return (presented) => {
    const given = digest(presented);
    let found: Caller | undefined;
    for (const { digest: expected, caller } of known) if (timingSafeEqual(given, expected)) found = caller;
    return found;
  };
};
