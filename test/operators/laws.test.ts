import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OperatorLaws, operatorLaws } from '../support/laws.ts';

const folder = join(import.meta.dirname, '../../operators');
const described = readdirSync(join(import.meta.dirname, 'laws')).sort();

describe('every file in operators/', () => {
  it('has laws', () => {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(described).toEqual(files.map(({ name }) => name).sort());
  });
});

for (const name of described.map((file) => file.replace('.ts', ''))) {
  const { laws } = (await import(`./laws/${name}.ts`)) as {
    readonly laws: OperatorLaws | Readonly<Record<string, OperatorLaws>>;
  };
  if ('pipeline' in laws) operatorLaws(name, laws as OperatorLaws);
  else for (const [way, own] of Object.entries(laws)) operatorLaws(`${name}, ${way}`, own);
}
