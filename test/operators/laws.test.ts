import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OperatorLaws, operatorLaws } from '../support/laws.ts';

const folder = join(import.meta.dirname, '../../operators');
const described = readdirSync(join(import.meta.dirname, 'laws')).sort();

describe('every file in operators/', () => {
  it('has laws', () => {
    expect(described).toEqual(readdirSync(folder).sort());
  });
});

for (const name of described.map((file) => file.replace('.ts', ''))) {
  const { laws } = (await import(`./laws/${name}.ts`)) as { readonly laws: OperatorLaws };
  operatorLaws(name, laws);
}
