import { beforeAll, describe, expect, it } from 'vitest';
import { type EdiFinding, ediFinding } from '../../../domain/edi-finding.ts';
import { ediFindings } from '../../../sinks/clickhouse/edi-findings.ts';
import { applyMigrations } from '../../../sinks/clickhouse/migrations.ts';
import { clickHouseForTests } from './clickhouse-here.ts';
import { rowsInto } from './story-fixture.ts';
import { noonOf } from './tracking-fixture.ts';

const { server, client } = await clickHouseForTests();

const finding = (document: string, day: number, changes: Partial<EdiFinding> = {}): EdiFinding =>
  ediFinding.parse({
    id: `${document}-${changes.kind ?? 'wrong_count'}`,
    at: noonOf(day),
    heardAt: noonOf(day),
    source: { feed: 'rdwy-214', document, position: 3, decoder: 'x12/1', mapping: null },
    standard: 'x12',
    kind: 'wrong_count',
    sender: '02:RDWY',
    receiver: 'ZZ:FOREWARN',
    segment: 'SE',
    control: '0001',
    said: '99',
    found: '18',
    byteOffset: 612,
    times: 2,
    ...changes,
  });

describe.skipIf(server === undefined)('ediFindings', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const bare = { kind: 'no_interchange', sender: null, receiver: null, segment: 'ISA' } as const;
    await rowsInto(client)('edi_findings', [
      finding('a.edi', 2),
      finding('b.edi', 3, { said: '98', byteOffset: 77, times: 5 }),
      finding('b.edi', 3, { ...bare, said: null, found: null, times: 1 }),
    ]);
  });

  it('count what a partner repeats, and name the last document and place', async () => {
    const [first, second, ...more] = await ediFindings(client, {});
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      feed: 'rdwy-214',
      sender: '02:RDWY',
      kind: 'wrong_count',
      segment: 'SE',
      documents: 2,
      times: 7,
      document: 'b.edi',
      control: '0001',
      said: '98',
      found: '18',
      byteOffset: 77,
      lastHeardAt: noonOf(3),
    });
    expect(second).toMatchObject({ sender: null, kind: 'no_interchange', said: null, documents: 1 });
  });

  it('are those that were heard in the period', async () => {
    expect(await ediFindings(client, { to: noonOf(3) })).toMatchObject([{ document: 'a.edi', times: 2 }]);
    expect(await ediFindings(client, { from: noonOf(4) })).toEqual([]);
  });
});
