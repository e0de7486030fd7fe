import { expect, it } from 'vitest';
import { codeBlocks, textOf } from './documents.ts';

it('docs/testing.md shows its example as it runs', () => {
  const blocks = codeBlocks(textOf('docs/testing.md'));
  expect(blocks.map(({ before }) => before)).toEqual([
    '<!-- excerpt: test/runtime/crash-example.test.ts -->',
  ]);
  for (const { text } of blocks) expect(textOf('test/runtime/crash-example.test.ts')).toContain(text);
});
