import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StoredSchema {
  readonly schema: string;
  readonly schemaType?: 'AVRO' | 'JSON' | 'PROTOBUF';
  readonly references?: readonly {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }[];
}

export interface OurRegistry {
  readonly url: string;
  /** By id, and by `subject/version`. */
  readonly ids: Map<number, StoredSchema>;
  readonly subjects: Map<string, StoredSchema>;
  /** What every request is answered while it is set. */
  fails: number | undefined;
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
}

/**
 * A schema registry of ours on loopback: a real server that answers as Confluent's REST interface is documented, for the
 * two paths that are read. It is not Confluent's.
 */
export const ourRegistry = async (): Promise<OurRegistry> => {
  const ids = new Map<number, StoredSchema>();
  const subjects = new Map<string, StoredSchema>();
  const requests: OurRegistry['requests'][number][] = [];
  const server = createServer(({ url = '', headers }, response) => {
    requests.push({ path: url, authorization: headers.authorization });
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(JSON.stringify(body));
    };
    if (registry.fails !== undefined) return answer(registry.fails, { error_code: 50001, message: 'away' });
    const id = /^\/schemas\/ids\/(\d+)$/.exec(url)?.[1];
    const [, subject = '', version = ''] = /^\/subjects\/([^/]+)\/versions\/(\d+)$/.exec(url) ?? [];
    const found =
      id === undefined ? subjects.get(`${decodeURIComponent(subject)}/${version}`) : ids.get(Number(id));
    if (found === undefined) return answer(404, { error_code: 40403, message: 'Schema not found' });
    answer(200, found);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const registry: OurRegistry = {
    url: `http://127.0.0.1:${port}`,
    ids,
    subjects,
    fails: undefined,
    requests,
  };
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return registry;
};
