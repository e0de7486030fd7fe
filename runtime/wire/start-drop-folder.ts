import { contentTypeOfFile } from '../../sources/decoders/content-type.ts';
import { createDropFolder } from '../../sources/drop-folder/drop-folder.ts';
import type { Config } from '../config/config.ts';
import type { LineLog } from '../log/log.ts';

/** Takes files from the folder of the configuration, where it names one; answers how to stop. */
export const startDropFolder = (
  { sources, http }: Pick<Config, 'sources' | 'http'>,
  log: LineLog,
  note: (line: string) => void,
): (() => Promise<void>) | undefined => {
  if (sources.dropFolder === undefined) return undefined;
  const dropFolder = createDropFolder({
    folder: sources.dropFolder.path,
    log,
    contentTypeOfFile: (name, bytes) => contentTypeOfFile(name, bytes) ?? undefined,
    maxBytes: http.maxDocumentBytes,
    onProblem: (error) => note(`drop folder: ${error instanceof Error ? error.message : String(error)}`),
  });
  dropFolder.start();
  return () => dropFolder.stop();
};
