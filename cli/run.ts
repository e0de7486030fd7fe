import { ForewarnError } from '../runtime/forewarn-error.ts';
import { type Forewarn, startForewarn } from '../runtime/wire/start-forewarn.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import { replay } from './replay.ts';
import { beginAt } from './rewind.ts';

export interface RunOptions extends ConfigOptions {
  readonly replay?: string;
  readonly seconds?: number;
  readonly fromSavepoint?: string;
  readonly allowLoss?: boolean;
}

/** What a drain may take; after it the process ends all the same, and the next start goes on from the last commit. */
export const STOP_WITHIN_MS = 9_000;

/** `forewarn run`: until Ctrl-C or SIGTERM, which drain and stop. */
export const runCommand = async (options: RunOptions): Promise<void> => {
  const config = configFrom(options);
  if (options.replay !== undefined && options.fromSavepoint !== undefined)
    throw new ForewarnError('FW101', '--replay and --from-savepoint do not go together; give one of them');
  if (options.replay !== undefined) {
    await replay(options.replay, config);
    return;
  }
  if (options.fromSavepoint !== undefined) await beginAt(options.fromSavepoint, config, options);
  let line: ProgressLine | undefined;
  const note = (text: string): void => (line === undefined ? console.log(text) : line.note(text));
  let end: (failed: unknown) => void = () => undefined;
  const ended = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  const { allowLoss = false } = options;
  const forewarn: Forewarn = await startForewarn({
    config,
    environment: process.env,
    note,
    onFailure: end,
    allowLoss,
  });
  note(`Forewarn runs; the page is at ${forewarn.url} (Ctrl-C stops it)`);
  line = progressLine(forewarn.progress, process.stdout);
  const stop = (): void => end(undefined);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (options.seconds !== undefined) setTimeout(stop, options.seconds * 1_000);

  const failed = await ended;
  line.note('stopping: what is under way is finished and committed …');
  const late = setTimeout(() => {
    console.error('stopped without waiting any longer; the next start continues from the last commit');
    process.exit(1);
  }, STOP_WITHIN_MS);
  await forewarn.stop();
  line.stop();
  clearTimeout(late);
  if (failed !== undefined) {
    console.error(failed instanceof ForewarnError ? failed.message : failed);
    process.exitCode = 1;
  } else {
    console.log('stopped; the next start continues here');
  }
  // All is committed; what a library may still hold open must not keep the process.
  process.exit();
};
