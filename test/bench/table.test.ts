import { expect, it } from 'vitest';
import { formatTable } from '../../bench/table.ts';

it('sets words to the left, numbers to the right, and says – where there is none', () => {
  const text = formatTable({
    title: 'Tables',
    columns: [{ name: 'server' }, { name: 'requests/s' }, { name: 'ratio', digits: 2 }],
    rows: [
      ['bare', 12_345.6, 1],
      ['durable', 987, null],
    ],
  });
  expect(text).toBe(
    [
      'Tables',
      'server   requests/s  ratio',
      '───────  ──────────  ─────',
      'bare         12,346   1.00',
      'durable         987      –',
    ].join('\n'),
  );
});
