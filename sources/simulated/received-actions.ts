import { mkdirSync, readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { WorldAction } from './open-shipment.ts';

const receivedAction = z.object({
  webhookId: z.string(),
  /** Log time at which the action took hold. */
  at: z.number(),
  action: z.object({
    id: z.string(),
    type: z.string(),
    shipmentId: z.string(),
    covers: z.array(z.object({ actionId: z.string(), shipmentId: z.string() })).default([]),
  }),
});
export interface ReceivedAction extends Omit<z.infer<typeof receivedAction>, 'action'> {
  readonly action: WorldAction;
}

/**
 * The actions that a world was asked for, in order, one JSON object a line. `append` resolves when the line is
 * durable. A torn last line, left by a crash before the answer went out, is cut off at opening: its sender
 * will send it again.
 */
export interface ReceivedActions {
  readonly past: readonly ReceivedAction[];
  append(received: ReceivedAction): Promise<void>;
  close(): Promise<void>;
}

export const openReceivedActions = async (folder: string): Promise<ReceivedActions> => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'received-actions.ndjson');
  const file = await open(path, 'a+');
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
  const past = whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => readLine(line, `${path}:${i + 1}`));
  let last: Promise<void> = Promise.resolve();
  return {
    past,
    append(received) {
      last = last.catch(() => undefined).then(() => write(file, received));
      return last;
    },
    async close() {
      await last.catch(() => undefined);
      await file.close();
    },
  };
};

const write = async (file: FileHandle, received: ReceivedAction): Promise<void> => {
  await file.appendFile(`${JSON.stringify(received)}\n`);
  await file.datasync();
};

const readLine = (line: string, where: string): ReceivedAction => {
  try {
    return receivedAction.parse(JSON.parse(line));
  } catch (cause) {
    throw new ForewarnError(
      'FW105',
      `${where}: "${line.slice(0, 60)}" is no received action; start the simulated world in an empty folder`,
      { cause },
    );
  }
};
