import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { feed } from '../../cli/recorded-line.ts';
import { rowsOf } from '../../runtime/log/topic-rows.ts';
import { plans, raw, tracking } from '../../pipelines/topics.ts';
import { openStoppedLine } from '../../runtime/wire/stopped-line.ts';
import { textOf } from '../docs/documents.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { documentAt, minutesIn, newDataFolder, runThrough, startLine } from './recorded-folder.ts';
import { forewarn } from './run-cli.ts';
import { startRunningLine } from './running-line.ts';

const plan = textOf('docs/examples/plan.json');
/** It goes by a name of the shipment, and so needs the plan that claims the name. */
const scan = JSON.stringify({
  type: 'tracking',
  id: 'scan-1',
  at: '2026-02-03T20:30:00Z',
  identifiers: [{ issuer: 'EXFR', kind: 'pro', value: '7730042' }],
  carrier: 'EXFR',
  status: 'in_transit',
});
const broken = '{"type": "tracking", "status": ';
const binary = 'ÿ\u0000\u0001';

interface Listed {
  readonly id: string;
  readonly step: string;
  readonly code: string;
}
const listed = async (data: string, ...words: readonly string[]): Promise<readonly Listed[]> =>
  JSON.parse((await forewarn('dlq', 'list', '--data', data, '--json', ...words)).out) as Listed[];

describe('forewarn dlq', () => {
  it('lists and shows what could not be used', async () => {
    const data = await newDataFolder(await tempFolder());
    await runThrough(data, [
      documentAt(0, 'a', broken),
      documentAt(1, 'b', binary, 'text/plain'),
      documentAt(2, 'c', plan),
    ]);
    const { out } = await forewarn('dlq', 'list', '--data', data);
    const [head, first, second, ...more] = out.split('\n');
    expect(head).toMatch(/^id +heard +step +code +from +reason$/);
    // The latest first.
    expect(first).toMatch(/2026-02-03T21:01:00 +decode +FW405 +exfr\/b#0 +/);
    expect(second).toMatch(/2026-02-03T21:00:00 +decode +FW401 +exfr\/a#0 +not JSON/);
    expect(more).toEqual([]);
    expect((await listed(data, '--code', 'FW401')).map(({ code }) => code)).toEqual(['FW401']);
    expect(await listed(data, '--step', 'find-shipment')).toEqual([]);
    expect(await listed(data, '--limit', '1')).toHaveLength(1);
    expect(await listed(data, '--since', new Date(minutesIn(0.5)).toISOString())).toHaveLength(1);

    const [unknown, unread] = await listed(data);
    const shown = (await forewarn('dlq', 'show', unread!.id.slice(0, 8), '--data', data)).out;
    expect(shown).toMatch(/^reason +not JSON/m);
    expect(shown).toMatch(/^code +FW401 \(stage decode, step "decode", code version /m);
    expect(shown).toMatch(/^in the log +raw@0, key "exfr"$/m);
    expect(shown.endsWith(`\n\n${broken}`)).toBe(true);
    expect((await forewarn('dlq', 'show', unknown!.id, '--data', data)).out).toMatch(
      /\n00000000 {2}c3 bf 00 01 +\|\.\.\.\.\|$/,
    );
    const none = await forewarn('dlq', 'show', 'ffffffff-none', '--data', data);
    expect(none.err).toMatch(/^FW408 dead letter "ffffffff-none" is not in the log; list those that are/);
    expect(none.code).toBe(1);
  });

  it('plays a letter again once: its event time stays, the rest of the document is not repeated', async () => {
    const data = await newDataFolder(await tempFolder());
    const lines = `${broken}\n${JSON.stringify(JSON.parse(plan))}`;
    await runThrough(data, [documentAt(0, 'a', lines, 'application/x-ndjson')]);
    const [letter] = await listed(data);
    const { out, code } = await forewarn('dlq', 'replay', letter!.id, '--data', data);
    expect(out).toMatch(
      new RegExp(`^${letter!.id} {2}played to raw/\\d@1\\n1 of 1 letters are in the log again$`),
    );
    expect(code).toBe(0);
    expect((await forewarn('dlq', 'replay', letter!.id, '--data', data)).out).toMatch(
      /had been played before, to raw/,
    );

    const line = await startLine(data);
    await until('it is decoded again', () => line.settled());
    const planned = [];
    for await (const row of rowsOf(line.log, plans)) planned.push(row.shipmentId);
    expect(planned).toHaveLength(1);
    const partition = line.log.partitionFor(raw.name, 'exfr');
    const [, repeated] = await line.log.read(raw.name, partition, 0);
    expect(repeated!.headers).toMatchObject({ repeats: letter!.id, documentId: `dlq:${letter!.id}` });
    expect(repeated!.heardAt).toBeGreaterThan(minutesIn(0));
    await line.stop();
    // It is as broken as before: another letter, with its own id.
    expect(await listed(data)).toHaveLength(2);
  });

  it('finds the shipment of an event whose plan came too late', async () => {
    const data = await newDataFolder(await tempFolder());
    // Nobody claims the name for an hour, then the plan comes.
    await runThrough(data, [documentAt(0, 's', scan), documentAt(90, 'p', plan)]);
    const letters = await listed(data, '--step', 'find-shipment');
    expect(letters.map(({ code }) => code)).toEqual(['FW406']);
    const done = await forewarn('dlq', 'replay', '--all', '--step', 'find-shipment', '--data', data);
    expect(done.out).toMatch(/played to names\/\d@\d+/);
    const line = await startLine(data);
    await until('the event has its shipment', () => line.settled());
    const events = [];
    for await (const row of rowsOf(line.log, tracking)) events.push(row);
    expect(events).toHaveLength(1);
    expect(events[0]!.shipmentId).toBe('S-4711');
    expect(events[0]!.at).toBe(Date.parse((JSON.parse(scan) as { at: string }).at));
    await line.stop();
  });

  it('plays a row of a step back into the topic that its stage read', async () => {
    const data = await newDataFolder(await tempFolder());
    await runThrough(data, [documentAt(0, 'p', plan), documentAt(1, 's', scan)]);
    // As a task writes it when a step throws on the row.
    const stopped = await openStoppedLine(data);
    const { log } = stopped;
    const partition = log.partitionFor(tracking.name, 'S-4711');
    const [row] = await log.read(tracking.name, partition, 0);
    const letter = {
      id: 'a-row-that-failed',
      at: row!.heardAt,
      heardAt: row!.heardAt,
      stage: 'operator',
      feed: 'watch',
      document: '',
      position: 0,
      step: 'shipment',
      code: 'FW404',
      reason: 'it threw',
      bytes: '',
      codeVersion: '0',
      origin: { topic: tracking.name, partition, offset: 0, key: null, contentType: null },
    };
    await log.append('dead-letters', { key: 'watch', value: Buffer.from(JSON.stringify(letter)) });
    await stopped.close();
    const { out } = await forewarn('dlq', 'replay', letter.id, '--data', data);
    expect(out).toContain(`played to tracking/${partition}@1`);
    const line = await startLine(data);
    await until('every stage has it again', () => line.settled());
    const [, repeated] = await line.log.read(tracking.name, partition, 0);
    expect(repeated).toMatchObject({ producer: 'external', key: 'S-4711' });
    expect(repeated!.headers).toMatchObject({ repeats: letter.id });
    expect(Buffer.from(repeated!.value).equals(Buffer.from(row!.value))).toBe(true);
    await line.stop();
    // A second start, from the checkpoints, takes it once.
    const again = await startLine(data);
    await until('nothing is left', () => again.settled());
    expect(again.log.end(tracking.name, partition)).toBe(2);
    await again.stop();
  });

  it('asks the process that runs, and needs what changing something needs', async () => {
    const data = await newDataFolder(await tempFolder());
    const key = (name: string, scopes: readonly ('read' | 'approve')[]) => ({
      name,
      sha256: createHash('sha256').update(name).digest('hex'),
      scopes,
    });
    const line = await startRunningLine(data, {
      keys: [key('looker', ['read']), key('desk', ['read', 'approve'])],
    });
    try {
      await feed(line, [documentAt(0, 'a', broken)]);
      expect((await forewarn('dlq', 'list', '--data', data)).err).toMatch(
        /answers 401; set FOREWARN_API_KEY/,
      );
      vi.stubEnv('FOREWARN_API_KEY', 'looker');
      const [letter] = await listed(data);
      expect((await forewarn('dlq', 'show', letter!.id, '--data', data)).out).toContain(broken);
      expect((await forewarn('dlq', 'show', 'nothing', '--data', data)).err).toMatch(
        /^FW408 dead letter "nothing" is not/,
      );
      expect((await forewarn('dlq', 'replay', letter!.id, '--data', data)).err).toMatch(/answers 403/);
      vi.stubEnv('FOREWARN_API_KEY', 'desk');
      expect((await forewarn('dlq', 'replay', letter!.id, '--data', data)).out).toMatch(/played to raw/);
      await until('the letter comes again', () => line.settled());
      expect(await listed(data)).toHaveLength(2);
    } finally {
      vi.unstubAllEnvs();
      await line.stop();
    }
  });

  it('refuses what lies in the log no more', async () => {
    const data = await newDataFolder(await tempFolder());
    await runThrough(data, [documentAt(0, 'x', 'ISA*broken', 'application/edi-x12')]);
    const [letter] = await listed(data);
    // Another one of it, which says that it lies where nothing lies.
    const stopped = await openStoppedLine(data);
    const [record] = await stopped.log.read('dead-letters', 0, 0);
    const gone = JSON.parse(Buffer.from(record!.value).toString()) as {
      id: string;
      origin: { offset: number };
    };
    const value = Buffer.from(
      JSON.stringify({ ...gone, id: 'gone-letter', origin: { ...gone.origin, offset: 77 } }),
    );
    await stopped.log.append('dead-letters', { key: 'exfr', value });
    await stopped.close();
    const { out, code } = await forewarn('dlq', 'replay', letter!.id, 'gone-letter', '--data', data);
    expect(out).toMatch(/played to raw/);
    expect(out).toMatch(
      /gone-letter {2}refused: FW409 .* raw\/\d@77 is not in the log any more; send the document again/,
    );
    expect(out).toMatch(/1 of 2 letters/);
    expect(code).toBe(1);
  });
});
