import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { inputMapping } from '../../domain/input-mapping.ts';
import { decode } from '../../sources/decoders/decode.ts';
import { documentOf, settingsWith } from '../sources/decoders/decoder-settings.ts';
import { textOf } from './documents.ts';

const fences = [...textOf('docs/inputs.md').matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(
  ([, label = '', text = '']) => ({
    label,
    text,
  }),
);
const examples = fences.flatMap(({ label, text }, index) => {
  const [input, expected] = [fences[index + 1], fences[index + 2]];
  return label === 'yaml' && input !== undefined && expected !== undefined
    ? [{ mapping: text, input, expected }]
    : [];
});

it('has an example of each kind', () => {
  expect(examples.map(({ input }) => input.label)).toEqual(['csv', 'csv', 'ndjson']);
});

it.each(examples)('plays the example of docs/inputs.md: $input.label', ({ mapping, input, expected }) => {
  const read = inputMapping.parse(parse(mapping));
  const [source = ''] = read.sources;
  const contentType = input.label === 'csv' ? 'text/csv' : 'text/plain';
  const decoded = decode(
    documentOf(input.text, { source, contentType }),
    settingsWith({ inputs: new Map([[source, read]]) }),
  );
  expect(decoded).toMatchObject(JSON.parse(expected.text) as object[]);
});
