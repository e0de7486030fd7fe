import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EffectEstimate, EffectRow } from '../../domain/effect.ts';
import { tableRoutes } from '../../runtime/wire/table-routes.ts';
import { applyMigrations } from '../../sinks/clickhouse/migrations.ts';
import { clickHouseForTests } from '../sinks/clickhouse/clickhouse-here.ts';
import { actionOf, exceptionOf, NOON, outcomeOf, rowsInto } from '../sinks/clickhouse/story-fixture.ts';
import { forewarn } from './run-cli.ts';

const { server, client } = await clickHouseForTests();
const folder = mkdtempSync(join(tmpdir(), 'forewarn-effects-'));
const config = join(folder, 'forewarn.yaml');
const CASES = 60;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(server === undefined)('effects', () => {
  beforeAll(async () => {
    await applyMigrations(client);
    const put = rowsInto(client);
    const shipments = Array.from({ length: CASES }, (_, index) => `s${index}`);
    const exceptions = shipments.map((shipment) => exceptionOf(shipment, 'weather'));
    // Every third is withheld; of these two in three are late, of the others one in four.
    const actions = exceptions.map((exception, index) =>
      actionOf(exception, index % 3 === 0 ? 'held_out' : 'sent', { type: 'expedite', propensity: 0.67 }),
    );
    await put('exceptions', exceptions);
    await put('exception_history', exceptions);
    await put('actions', actions);
    await put('action_history', actions);
    await put(
      'outcomes',
      shipments.map((shipment, index) =>
        outcomeOf(shipment, (index % 3 === 0 ? index % 9 !== 0 : index % 4 === 0) ? 90 : -10),
      ),
    );
    writeFileSync(
      config,
      `dataFolder: ${join(folder, 'data')}\nclickhouse:\n  url: ${server?.url ?? ''}\n  database: default\n`,
    );
  });

  it('prints a line for each outcome, from the tables', async () => {
    const { out, err, code } = await forewarn('effects', '--config', config);
    expect([err, code]).toEqual(['', 0]);
    expect(out).toMatch(
      /weather {3}expedite {2}breach_rate {3}chance {6}-\d\d\.\d \[-\d\d\.\d; -\d+\.\d\] +40 {4}20 {8}60 {6}expedite lowers the breach rate by/,
    );
    expect(out).toMatch(/weather {3}expedite {2}minutes_late/);
    expect(out).toMatch(
      /weather {3}expedite {2}contact_rate .* no effect of expedite on the contact rate can be told/,
    );
  });

  it('gives it as JSON, by step, of a period', async () => {
    const json = await forewarn('effects', '--config', config, '--json', '--by', 'step');
    const found = JSON.parse(json.out) as readonly EffectEstimate[];
    expect(found.map(({ outcome, playbook, step, treated }) => [outcome, playbook, step, treated])).toEqual(
      ['breach_rate', 'minutes_late', 'contact_rate'].map((outcome) => [outcome, 'late', 'tell', 40]),
    );
    const none = await forewarn('effects', '--config', config, '--to', new Date(NOON).toISOString());
    expect(none.out).toBe('No decision about a step whose shipment has ended yet.');
  });

  it('gets the decisions from a process that runs', async () => {
    const app = fastify();
    await app.register(tableRoutes, { client, requireScope: () => async () => undefined });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      const answer = await fetch(`${url}/v1/effect-rows?from=${NOON}&to=${NOON + 1}`);
      expect((await answer.json()) as readonly EffectRow[]).toHaveLength(CASES);
      const wrong = await fetch(`${url}/v1/effect-rows?since=now`);
      expect(wrong.status).toBe(400);
      expect(await wrong.json()).toMatchObject({ code: 'FW701' });
    } finally {
      await app.close();
    }
  });
});
