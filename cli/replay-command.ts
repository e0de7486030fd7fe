import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { codeVersion } from '../runtime/package-root.ts';
import { startRecordedLine } from '../runtime/wire/recorded-line.ts';
import type { RecordedDocument } from '../sources/recorded-document.ts';
import { readRecorded } from '../sources/replay/recorded-file.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { decidedIn, decidedRun, type DecidedRun } from './decided-run.ts';
import { SCORE_WITHIN_MS } from './feed-history.ts';
import { formatDiff, formatRun } from './format-diff.ts';
import { feed } from './recorded-line.ts';
import { diffRuns } from './run-diff.ts';

export interface ReplayOptions extends ConfigOptions {
  readonly from?: number;
  readonly to?: number;
  readonly rules?: string;
  readonly models?: string;
  readonly save?: string;
  readonly diff?: string | true;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * `forewarn replay`: what the code of today decides on recorded input, and with `--diff` how that differs from a saved
 * run, or from the rules and the model in force. Runs in a folder of its own, which is gone afterwards; no action goes
 * out.
 */
export const replayCommand = async (file: string, options: ReplayOptions): Promise<void> => {
  await readable(file);
  const config = configFrom(options);
  const other: Config = {
    ...config,
    rules: options.rules ?? config.rules,
    models: { ...config.models, ...(options.models === undefined ? {} : { folder: options.models }) },
  };
  if (options.diff === true && options.rules === undefined && options.models === undefined) {
    throw new ForewarnError(
      'FW101',
      '--diff alone would compare a run with itself; give a saved run (--diff before.json), --rules or --models',
    );
  }
  const saved = typeof options.diff === 'string' ? await savedRun(options.diff, options) : undefined;
  const run = await decide(file, other, options);
  if (options.save !== undefined) await writeFile(options.save, `${JSON.stringify(run)}\n`);
  if (options.diff === undefined) {
    console.log(options.json === true ? JSON.stringify(run, null, 2) : formatRun(run));
    return;
  }
  const before = saved ?? (await decide(file, config, options));
  const diff = diffRuns(before, run);
  if (options.json === true) console.log(JSON.stringify(diff, null, 2));
  else {
    console.log(`before: ${formatRun(before)}\nnow:    ${formatRun(run)}\n`);
    console.log(formatDiff(diff, options.limit));
  }
};

const decide = async (file: string, config: Config, { from, to }: ReplayOptions): Promise<DecidedRun> => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-replay-'));
  try {
    const line = await startRecordedLine(
      { ...config, models: { ...config.models, timeoutMs: SCORE_WITHIN_MS } },
      folder,
      (text) => console.error(text),
    );
    try {
      const documents = await feed(line, upTo(readRecorded(file), to ?? Infinity));
      return {
        format: 1,
        codeVersion,
        rules: line.rules,
        model: line.model,
        documents,
        from: from ?? null,
        to: to ?? null,
        ...(await decidedIn(line.log, from ?? null)),
      };
    } finally {
      await line.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function* upTo(
  documents: AsyncIterable<RecordedDocument>,
  to: number,
): AsyncGenerator<RecordedDocument> {
  for await (const document of documents) if (document.heardAt <= to) yield document;
}

const savedRun = async (file: string, { from, to }: ReplayOptions): Promise<DecidedRun> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ForewarnError('FW407', `--diff ${file} cannot be read; make it with --save ${file}`, { cause });
  });
  let run: DecidedRun;
  try {
    run = decidedRun.parse(JSON.parse(text));
  } catch (cause) {
    throw new ForewarnError(
      'FW407',
      `--diff ${file} is no saved run of this version; make it anew with --save`,
      {
        cause,
      },
    );
  }
  if (run.from !== (from ?? null) || run.to !== (to ?? null)) {
    const said = (at: number | null): string => (at === null ? 'no limit' : new Date(at).toISOString());
    throw new ForewarnError(
      'FW101',
      `--diff ${file} was saved with --from ${said(run.from)} and --to ${said(run.to)}; give the same here`,
    );
  }
  return run;
};

const readable = async (file: string): Promise<void> => {
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw new ForewarnError(
      'FW407',
      `${file} is not there, or may not be read; give a file of recorded documents, as forewarn record writes it`,
      { cause },
    );
  });
};
