import { z } from 'zod';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';

export interface RegistryAddress {
  /** Such as `http://registry:8081`; a path is kept. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const reference = z.object({ name: z.string(), subject: z.string(), version: z.int() });

/** As the registry answers; Avro needs not be named. */
const answer = z.object({
  schema: z.string(),
  schemaType: z.enum(['AVRO', 'JSON', 'PROTOBUF']).default('AVRO'),
  references: z.array(reference).default([]),
});

/** A schema with all that it refers to, the referred before those who refer. */
export interface RegisteredSchema {
  readonly type: 'AVRO' | 'JSON' | 'PROTOBUF';
  readonly text: string;
  readonly references: readonly { readonly name: string; readonly text: string }[];
}

const WITHIN_MS = 10_000;

/**
 * Schemas of a registry that speaks the REST interface of Confluent's. Reads only; an id means one schema for ever, so
 * whoever asks may keep the answer.
 */
export class SchemaRegistry {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, username, password }: RegistryAddress) {
    this.#base = url.replace(/\/+$/, '');
    const accept = 'application/vnd.schemaregistry.v1+json, application/json';
    const pair = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
    this.#headers = username === undefined ? { accept } : { accept, authorization: `Basic ${pair}` };
  }

  /** Undefined where the registry knows no schema of this id. FW619 when it does not answer. */
  async byId(id: number): Promise<RegisteredSchema | undefined> {
    const found = await this.#get(`/schemas/ids/${id}`);
    if (found === undefined) return undefined;
    const references = new Map<string, string>();
    await this.#refer(found, references);
    return {
      type: found.schemaType,
      text: found.schema,
      references: [...references].map(([name, text]) => ({ name, text })),
    };
  }

  /** Collects what is referred to, depth first, each name once. */
  async #refer({ references }: z.infer<typeof answer>, into: Map<string, string>): Promise<void> {
    for (const { name, subject, version } of references) {
      if (into.has(name)) continue;
      const found = await this.#get(`/subjects/${encodeURIComponent(subject)}/versions/${version}`);
      if (found === undefined)
        throw new ForewarnError(
          'FW619',
          `schema registry has no version ${version} of ${subject}, to which another schema refers`,
        );
      await this.#refer(found, into);
      into.set(name, found.schema);
    }
  }

  async #get(path: string): Promise<z.infer<typeof answer> | undefined> {
    const url = this.#base + path;
    try {
      // Credentials must not go to another host than the one that is configured.
      const response = await fetch(url, {
        headers: this.#headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      const body = await response.text();
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw away(url, `HTTP ${response.status}`);
      return answer.parse(JSON.parse(body));
    } catch (cause) {
      if (cause instanceof ForewarnError) throw cause;
      const said = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
      throw away(url, said, cause);
    }
  }
}

const away = (url: string, said: string, cause?: unknown): ForewarnError =>
  new ForewarnError(
    'FW619',
    `schema registry ${url} answers ${said}; the source waits for it`,
    cause === undefined ? {} : { cause },
  );
