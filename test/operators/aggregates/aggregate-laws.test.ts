import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AggregateLaws, aggregateLaws } from './aggregate-laws.ts';

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
const folder = join(import.meta.dirname, '../../../operators/aggregates');
/** The contract, and what its types answer: no aggregates. */
const contract = ['aggregate-result.ts', 'aggregate.ts'];
const described = filesOf(join(import.meta.dirname, 'laws'));

describe('every aggregate', () => {
  it('has laws', () => {
    expect(described).toEqual(filesOf(folder).filter((name) => !contract.includes(name)));
  });

  it.each(described)('%s is the only one in its file, and the file is named after it', async (file) => {
    const name = file.replace('.ts', '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    expect(Object.keys((await import(join(folder, file))) as object)).toEqual([name]);
  });
});

for (const file of described) {
  const { laws } = (await import(`./laws/${file}`)) as { readonly laws: readonly AggregateLaws[] };
  for (const each of laws) aggregateLaws(each);
}
