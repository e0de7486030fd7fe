import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { readRecorded } from '../sources/replay/recorded-file.ts';
import { formatReport } from '../sinks/clickhouse/format-report.ts';
import { report } from '../sinks/clickhouse/report.ts';
import { feed, startRecorded } from './recorded-line.ts';
import { replayCargo2000 } from './replay-cargo2000.ts';

/** `forewarn run --replay FILE`: a run of its own in a folder of its own that is gone afterwards. */
export const replay = async (file: string, config: Config): Promise<void> => {
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw new ForewarnError(
      'FW407',
      `${file} is not there, or may not be read; give --replay a file of recorded documents, or the Cargo 2000 CSV`,
      { cause },
    );
  });
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-replay-'));
  try {
    if (file.endsWith('.csv')) {
      await replayCargo2000(file, config, folder);
      return;
    }
    const forewarn = await startRecorded(config, folder);
    try {
      const count = await feed(forewarn, readRecorded(file));
      console.log(`${count} documents replayed`);
      console.log(formatReport(await report(forewarn.storage.client)));
    } finally {
      await forewarn.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
