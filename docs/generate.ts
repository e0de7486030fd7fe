import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../runtime/package-root.ts';
import { configurationPage, configurationSchema } from './configuration-page.ts';
import { featuresPage } from './features-page.ts';
import { withFigures } from './figures.ts';

/** What is made from the code and from bench results: file → content. A test holds the files against it. */
export const generated = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/configuration.md', configurationPage()],
    ['config/forewarn.schema.json', configurationSchema()],
    ['docs/features.md', featuresPage()],
    ['README.md', withFigures(readFileSync(join(packageRoot, 'README.md'), 'utf8'))],
  ]);

/** `npm run build && node dist/docs/generate.js` writes them. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of generated()) {
    const file = join(packageRoot, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(name);
  }
}
