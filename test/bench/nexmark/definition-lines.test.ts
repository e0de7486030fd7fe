import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { definitionLines } from '../../../bench/nexmark/definition-lines.ts';
import { queryNames } from '../../../bench/nexmark/queries.ts';
import { rxjsQueries } from '../../../bench/nexmark/yardsticks/plain-rxjs.ts';
import { withTempFolder } from '../../../bench/temp-folder.ts';
import { packageRoot } from '../../../runtime/package-root.ts';

it('counts the lines of a query that are neither empty nor comment alone', () =>
  withTempFolder((folder) => {
    const file = join(folder, 'definitions.ts');
    const lines = [
      '// <q1>',
      'one;',
      '// </q1>',
      '// <q5>',
      '/** What it does. */',
      'const q5 = from',
      '',
      '  // a note',
      '  .to(x); // counts',
      '// </q5>',
      '// <q7>',
    ];
    writeFileSync(file, lines.join('\n'));
    expect(definitionLines(file, 'q5')).toBe(2);
    expect(definitionLines(file, 'q1')).toBe(1);
    expect(definitionLines(file, 'q7')).toBeNull();
    expect(definitionLines(file, 'q8')).toBeNull();
    expect(definitionLines(join(folder, 'none.ts'), 'q5')).toBeNull();
    return Promise.resolve();
  }));

it('finds every query in the yardsticks', () => {
  const yardsticks = join(packageRoot, 'bench', 'nexmark', 'yardsticks');
  for (const query of queryNames) {
    expect(definitionLines(join(yardsticks, 'loops', `${query}.ts`), query), query).toBeGreaterThan(0);
  }
  for (const query of rxjsQueries) {
    expect(definitionLines(join(yardsticks, 'plain-rxjs.ts'), query), query).toBeGreaterThan(0);
  }
});
