import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PointKind } from '../support/protocol-points.ts';
import { crashEverywhere } from '../support/crash-everywhere.ts';
import { crashPipelines, crashRows } from '../support/crash-pipelines.ts';
import { out, right } from '../support/law-topics.ts';
import { type ClickHouseHere, clickHouseHere } from '../sinks/clickhouse/clickhouse-here.ts';

describe('a process that dies while its tables are filled', () => {
  let server: ClickHouseHere | undefined;
  beforeAll(async () => {
    server = await clickHouseHere();
  });
  afterAll(() => server?.remove());

  // The full product of points and tables goes by `npm run soak -- tables`. Seen red with a chunk that is inserted
  // before it is sealed, and with a token that does not say which rows it stands for.
  it.for<[readonly PointKind[], number, number]>([
    [['insert'], 1, 10],
    [['append', 'commit'], 2, 20],
    [['disk'], 11, 10],
  ])('leaves the same rows in ClickHouse: %s', async ([kinds, every, atLeast], { skip }) => {
    if (server === undefined) return skip();
    const { deaths, content } = await crashEverywhere(crashPipelines(), crashRows(14), {
      seed: 2,
      kinds,
      every,
      clickHouse: { url: server.url, topics: [out, right] },
    });
    expect(deaths).toBeGreaterThanOrEqual(atLeast);
    for (const table of ['out', 'right'])
      expect(content[`table ${table}`]?.split(' ')[0], table).toBe(content[`${table}/0`]?.split(' ')[0]);
  });
});
