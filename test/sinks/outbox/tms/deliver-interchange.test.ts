import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropInterchange, postInterchange } from '../../../../sinks/outbox/tms/deliver-interchange.ts';
import { startReceiver } from '../receiver.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-edi-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const signal = AbortSignal.timeout(10_000);

describe('handing over an interchange', () => {
  it('to a folder leaves one whole file, and the same one the second time', async () => {
    const transport = dropInterchange(join(folder, 'out'));
    expect(await transport.deliver('ISA~', '214-ACME-000000001', signal)).toEqual({ kind: 'sent' });
    expect(await transport.deliver('ISA~', '214-ACME-000000001', signal)).toEqual({ kind: 'sent' });
    expect(readdirSync(join(folder, 'out'))).toEqual(['214-ACME-000000001.edi']);
    expect(readFileSync(join(folder, 'out', '214-ACME-000000001.edi'), 'utf8')).toBe('ISA~');
  });

  it('to a folder that cannot be there is tried again', async () => {
    writeFileSync(join(folder, 'out'), 'a file');
    expect((await dropInterchange(join(folder, 'out')).deliver('ISA~', 'a', signal)).kind).toBe('retry');
  });

  it('by HTTP posts it as EDI', async () => {
    const receiver = await startReceiver();
    const transport = postInterchange({
      name: 'edi',
      url: receiver.url,
      contentType: 'application/edi-x12' as const,
      headers: { authorization: 'Basic x' },
      nowMs: () => 0,
    });
    try {
      expect(await transport.deliver('ISA~', 'a', signal)).toEqual({ kind: 'sent', httpStatus: 200 });
      expect(receiver.requests[0]).toMatchObject({
        body: 'ISA~',
        headers: { 'content-type': 'application/edi-x12', authorization: 'Basic x', 'x-interchange': 'a' },
      });
      receiver.answer = (_, response) => response.writeHead(400).end('no');
      expect(await transport.deliver('ISA~', 'a', signal)).toMatchObject({
        kind: 'refused',
        error: 'HTTP 400: no',
      });
    } finally {
      transport.close();
      await receiver.kill();
    }
  });
});
