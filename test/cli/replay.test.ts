import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DecidedRun } from '../../cli/decided-run.ts';
import type { RunDiff } from '../../cli/run-diff.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { forewarn } from './run-cli.ts';

const json = async <T>(...words: readonly string[]): Promise<T> => {
  const { out, err } = await forewarn(...words, '--json');
  expect(err).toBe('');
  return JSON.parse(out) as T;
};

describe('forewarn replay', () => {
  it('runs recorded input, and shows what other rules would do otherwise', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'day.ndjson');
    await forewarn('record', file, '--days', '1', '--shipments-per-day', '60');
    const saved = join(folder, 'run.json');
    const { out } = await forewarn('replay', file, '--save', saved);
    expect(out).toMatch(/^\d+ documents · rules \w+ · model late-delivery@\w+\n\d+ exceptions: .*delay \d/);

    const run = JSON.parse(await readFile(saved, 'utf8')) as DecidedRun;
    expect((await forewarn('replay', file, '--diff', saved)).out).toMatch(/nothing differs$/);

    const rules = join(folder, 'rules');
    await cp(join(packageRoot, 'rules'), rules, { recursive: true });
    const taxonomy = join(rules, 'taxonomy.yaml');
    const text = await readFile(taxonomy, 'utf8');
    const graver = text.replace(/( {2}delay:\n {4}family: delay\n {4}defaultSeverity: )\d+/, '$190');
    expect(graver).not.toBe(text);
    await writeFile(taxonomy, graver);

    const diff = await json<RunDiff>('replay', file, '--rules', rules, '--diff');
    const delays = run.exceptions.filter(({ category }) => category === 'delay');
    expect(delays.length).toBeGreaterThan(0);
    expect(diff.exceptions.counts).toEqual({
      delay: { added: 0, removed: 0, changed: delays.length, all: delays.length },
    });
    for (const { before, now, changes } of diff.exceptions.changed) {
      expect(now.severity).toBeGreaterThan(before.severity);
      expect(changes.map(({ field }) => field)).toContain('severity');
    }
    // Graver cases pass guards that the others did not.
    expect(diff.actions.added.length).toBeGreaterThan(0);
    expect(diff.actions.removed).toEqual([]);
    // The same against the saved run, in words.
    const words = (await forewarn('replay', file, '--rules', rules, '--diff', saved, '--limit', '1')).out;
    expect(words).toMatch(new RegExp(`^exceptions: 0 added, 0 removed, ${delays.length} changed$`, 'm'));
    expect(words).toMatch(/^ {4}category +added +removed +changed +now$/m);
    expect(words).toMatch(
      /^ {2}~ delay of \S+, \w+, severity [\d.]+, \w+ \(\w+\): .*severity [\d.]+ → [\d.]+/m,
    );
    if (delays.length > 1) expect(words).toContain(`  ~ … and ${delays.length - 1} more`);
  });

  it('feeds and compares only what the limits of log time admit', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'day.ndjson');
    await forewarn('record', file, '--days', '1', '--shipments-per-day', '60');
    const whole = await json<DecidedRun>('replay', file);
    const times = whole.exceptions.map(({ raisedAt }) => raisedAt).sort((a, b) => a - b);
    const middle = new Date(times[Math.floor(times.length / 2)]!).toISOString();
    const early = await json<DecidedRun>('replay', file, '--to', middle);
    expect(early.documents).toBeLessThan(whole.documents);
    expect(early.exceptions.length).toBeLessThan(whole.exceptions.length);
    const late = await json<DecidedRun>('replay', file, '--from', middle);
    expect(late.documents).toBe(whole.documents);
    // What was raised before and touched again since is there too.
    for (const { id, raisedAt } of whole.exceptions)
      if (raisedAt >= Date.parse(middle)) expect(late.exceptions.map((one) => one.id)).toContain(id);
    expect(late.exceptions.reduce((sum, { versions }) => sum + versions, 0)).toBeLessThan(
      whole.exceptions.reduce((sum, { versions }) => sum + versions, 0),
    );

    const saved = join(folder, 'run.json');
    await forewarn('replay', file, '--to', middle, '--save', saved);
    expect((await forewarn('replay', file, '--diff', saved)).err).toMatch(
      /^FW101 --diff .* was saved with --from no limit and --to 2026-.*; give the same here$/,
    );
    await writeFile(saved, '{}');
    expect((await forewarn('replay', file, '--diff', saved)).err).toMatch(
      /^FW407 .* is no saved run of this version/,
    );
  });
});
