import { expect, it } from 'vitest';
import { featureNames } from '../../domain/features.ts';
import { forewarn } from './run-cli.ts';

it('lists every feature in its place, as people and programs read it', async () => {
  const { out, code } = await forewarn('features', 'list');
  const rows = out.trim().split('\n').slice(1);
  expect(code).toBe(0);
  expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual(
    featureNames.map((name, index) => [String(index), name]),
  );
  const json: { readonly name: string; readonly otherwise: string }[] = JSON.parse(
    (await forewarn('features', 'list', '--json')).out,
  );
  expect(json.map(({ name }) => name)).toEqual(featureNames);
  expect(json[0]?.otherwise).toBe('NaN');
});

it('finds nothing that looks ahead in a day of the line that ships', async () => {
  const world = '--days 1 --shipments-per-day 25 --at 2025-01-06T20:00:00Z';
  const { out, code } = await forewarn('features', 'check', '--json', ...world.split(' '));
  expect(code).toBe(0);
  const { predictions, features } = JSON.parse(out) as {
    readonly predictions: number;
    readonly features: readonly { readonly feature: string; readonly moved: number }[];
  };
  expect(predictions).toBeGreaterThan(50);
  expect(features.map(({ feature }) => feature)).toEqual(featureNames);
  expect(features.filter(({ moved }) => moved > 0)).toEqual([]);
});
