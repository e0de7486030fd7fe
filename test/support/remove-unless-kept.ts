import { rm } from 'node:fs/promises';

/** Removes what a long run has made, unless `FOREWARN_KEEP=1` says that somebody will look at it: then it says where that lies. */
export const removeUnlessKept = async (folder: string): Promise<void> => {
  if (process.env['FOREWARN_KEEP'] === undefined) await rm(folder, { recursive: true, force: true });
  else console.log(`kept: ${folder}`);
};
