import { describe } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { logContract } from '../../support/contracts/log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

describe('the embedded log', () => {
  logContract(async () => {
    const folder = await tempFolder();
    return {
      open: (options = {}) =>
        EmbeddedLog.open({
          folder,
          topics: { raw: 1, rows: 2 },
          time: 'recorded',
          segmentBytes: 2_000,
          ...options,
        }),
    };
  });
});
