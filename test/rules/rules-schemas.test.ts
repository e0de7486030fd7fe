import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rulesSchemas } from '../../runtime/rules/rules-schemas.ts';
import { rulesFolder } from './shipped-rules.ts';

// After a change of the schemas: `UPDATE_GENERATED=1 npx vitest run test/rules && npx oxfmt rules/schema`.
test.each(Object.entries(rulesSchemas))('rules/schema/%s.json is what the code generates', (name, schema) => {
  const file = join(rulesFolder, 'schema', `${name}.json`);
  if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(file, JSON.stringify(schema));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});
