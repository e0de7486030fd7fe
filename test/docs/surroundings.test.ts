import { expect, it } from 'vitest';
import { decode } from '../../sources/decoders/decode.ts';
import { codeBlocks, textOf } from './documents.ts';
import { decoding } from './shipped.ts';

const examples = codeBlocks(textOf('docs/surroundings.md')).map(({ text }) => text);

it.each(examples)('docs/surroundings.md shows a record that is taken: %s', (text) => {
  const document = {
    source: 'example',
    documentId: 'example',
    contentType: 'application/json',
    heardAt: Date.UTC(2026, 1, 10, 7),
    bytes: Buffer.from(text),
  };
  const { type } = JSON.parse(text) as { readonly type: string };
  expect(decode(document, decoding)).toMatchObject([{ type }]);
});

it('docs/surroundings.md has an example for ports and one for roads', () => {
  expect(examples.map((text) => (JSON.parse(text) as { readonly type: string }).type)).toEqual([
    'port',
    'road',
  ]);
});
