import { describe, expect, it } from 'vitest';
import { crashPipelines, crashRows } from '../support/crash-pipelines.ts';
import { failEverywhere } from '../support/fail-everywhere.ts';

describe('a line whose disk refuses', () => {
  // Seen red with a log that goes on after a write that failed, and with a write that believes what it was told only once:
  // a disk that is nearly full takes some of the bytes and says so without an error.
  it('stops with FW302 and a mend when the disk is full, and goes on once there is room', async () => {
    const { failures, errors } = await failEverywhere(crashPipelines(), crashRows(14), {
      disk: 'full',
      every: 53,
    });
    expect(failures).toBeGreaterThan(80);
    for (const what of ['log could not be written', 'state of … could not be written'])
      expect(errors).toContain(`FW302 ${what}: ENOSPC: simulated, …; make room on its disk and start again`);
  });

  it('stops with FW302 and a mend at each change of the disk that fails, and goes on once it is mended', async () => {
    const { failures, errors } = await failEverywhere(crashPipelines(), crashRows(20), { disk: 'broken' });
    expect(failures).toBeGreaterThan(60);
    for (const what of ['log could not be written', 'state of … could not be written'])
      expect(errors).toContain(`FW302 ${what}: EIO: simulated, …; mend its disk and start again`);
  });
});
