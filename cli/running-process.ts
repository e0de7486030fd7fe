import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Config } from '../runtime/config/config.ts';
import { type ErrorCode, errorCodes, ForewarnError } from '../runtime/forewarn-error.ts';

/** The process that runs on a data folder, by its HTTP interface. */
export interface RunningProcess {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
  /** The lines of an answer as they come. */
  lines(path: string): AsyncIterable<string>;
}

/** Undefined when none runs there; one that was killed leaves its address behind, and answers nothing. */
export const runningProcess = async (
  config: Pick<Config, 'dataFolder'>,
): Promise<RunningProcess | undefined> => {
  const url = urlOf(config.dataFolder);
  if (url === undefined) return undefined;
  const answers = await fetch(`${url}/livez`).catch(() => undefined);
  if (answers === undefined) return undefined;
  await answers.arrayBuffer();
  return {
    url,
    get: async <T>(path: string) => (await ask(url, path, 'GET')) as T,
    post: async <T>(path: string, body: unknown) => (await ask(url, path, 'POST', body)) as T,
    delete: async (path) => {
      await ask(url, path, 'DELETE');
    },
    lines: (path) => linesOf(url, path),
  };
};

/** The same, where a command can do nothing without it. FW108 when none runs. */
export const neededProcess = async (config: Pick<Config, 'dataFolder'>): Promise<RunningProcess> => {
  const running = await runningProcess(config);
  if (running !== undefined) return running;
  throw new ForewarnError(
    'FW108',
    `no process runs on data folder ${resolve(config.dataFolder)}; start one with forewarn run, or give its --data`,
  );
};

const urlOf = (folder: string): string | undefined => {
  try {
    const { url } = JSON.parse(readFileSync(join(resolve(folder), 'running.json'), 'utf8')) as {
      readonly url: string;
    };
    return url;
  } catch {
    return undefined;
  }
};

export const keyHeader = (): Record<string, string> => {
  const key = process.env['FOREWARN_API_KEY'];
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
};

async function* linesOf(url: string, path: string): AsyncGenerator<string> {
  const response = await fetch(`${url}${path}`, { headers: keyHeader() });
  if (!response.ok || response.body === null) throw refusal(url, response.status, await response.text());
  const lines = createInterface({ input: Readable.fromWeb(response.body), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') yield line;
}

const ask = async (url: string, path: string, method: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...keyHeader(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown);
  throw refusal(url, response.status, text);
};

/** What the process says is wrong, as if it had been found here. */
const refusal = (url: string, status: number, text: string): ForewarnError => {
  if (status === 401 || status === 403) {
    return new ForewarnError(
      'FW101',
      `${url} answers ${status}; set FOREWARN_API_KEY to a key with the scope read, and approve for what changes something`,
    );
  }
  try {
    const { code, message } = JSON.parse(text) as { readonly code: string; readonly message: string };
    if (code in errorCodes)
      return new ForewarnError(
        code as ErrorCode,
        message.startsWith(code) ? message.slice(code.length + 1) : message,
      );
  } catch {
    // Not one of our problems.
  }
  return new ForewarnError('FW701', `${url} answers ${status}: ${text.slice(0, 200)}`);
};
