import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SendOutcome } from '../channel.ts';
import { failureOf, httpClient } from './http-client.ts';

/** A way to hand over an interchange. Handed over twice, the same name and bytes come twice. */
export interface Transport {
  deliver(text: string, name: string, signal: AbortSignal): Promise<SendOutcome>;
  close(): void;
}

/** POST of the interchange, a byte a character; any 2xx is a yes. */
export const postInterchange = (options: {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: 'application/edi-x12' | 'application/edifact';
  readonly nowMs: () => number;
}): Transport => {
  const client = httpClient(options);
  return {
    deliver: async (text, name, signal) => {
      const headers = { 'content-type': options.contentType, 'x-interchange': name };
      const body = Buffer.from(text, 'latin1');
      const reply = await client.ask({ method: 'POST', path: '', headers, body }, signal);
      if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300)
        return { kind: 'sent', httpStatus: reply.status };
      return failureOf(reply, options.nowMs());
    },
    close: () => client.close(),
  };
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Puts the interchange into a folder that the partner's gateway empties. A file is there whole or not at all: written
 * under another name, synced, renamed. The second time it replaces the first with the same bytes; where the gateway has
 * taken the first by then, it takes it twice, and the control number tells.
 */
export const dropInterchange = (folder: string): Transport => ({
  deliver: async (text, name) => {
    const path = join(folder, `${name}.edi`);
    const unfinished = join(folder, `.${name}.tmp`);
    try {
      await mkdir(folder, { recursive: true });
      const file = await open(unfinished, 'w');
      try {
        await file.writeFile(text, 'latin1');
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
      await syncFolder(folder);
      return { kind: 'sent' };
    } catch (cause) {
      // It may have been renamed before the folder's sync failed; again is the same file.
      return { kind: 'retry', error: cause instanceof Error ? cause.message : String(cause) };
    }
  },
  close: () => undefined,
});
