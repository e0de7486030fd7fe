import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eachLine, eventsFile, readEvents, writeEventFiles } from '../../../bench/nexmark/event-files.ts';
import { generateEvents } from '../../../bench/nexmark/generate.ts';
import { withTempFolder } from '../../../bench/temp-folder.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const linesOf = (file: string): readonly string[] => {
  const lines: string[] = [];
  eachLine(file, (line) => lines.push(line));
  return lines;
};

it('reads back what it wrote, whole and in two parts', () =>
  withTempFolder((folder) => {
    // More than two pieces of a mebibyte, so that lines lie across their borders.
    const events = [...generateEvents({ events: 12_001, random: seededRandom(3) })];
    expect(writeEventFiles(folder, events)).toBe(12_001);
    expect(readEvents(folder)).toEqual(events);
    const all = linesOf(eventsFile(folder));
    expect(linesOf(join(folder, 'part-0.jsonl'))).toEqual(all.filter((_, index) => index % 2 === 0));
    expect(linesOf(join(folder, 'part-1.jsonl'))).toEqual(all.filter((_, index) => index % 2 === 1));
    expect(readFileSync(eventsFile(folder)).length).toBeGreaterThan(2 << 20);
    return Promise.resolve();
  }));

it('reads a last line without an end, and nothing of an empty file', () =>
  withTempFolder((folder) => {
    const file = join(folder, 'lines');
    writeFileSync(file, 'one\n\ntwo');
    expect(linesOf(file)).toEqual(['one', '', 'two']);
    writeFileSync(file, '');
    expect(linesOf(file)).toEqual([]);
    return Promise.resolve();
  }));
