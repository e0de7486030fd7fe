import { execFileSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../runtime/package-root.ts';
import { tempFolder } from './support/temp-folder.ts';

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
const textOf = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');
const importsOf = (file: string): readonly string[] =>
  [
    ...textOf(file).matchAll(
      /^(?:import|export)\b[^'"]*?from '([^']+)';$|\bimport\(\s*'([^']+)'|^import '([^']+)';$/gm,
    ),
  ].map(([, one, two, three]) => {
    const name = (one ?? two ?? three)!;
    return name.startsWith('.') ? join(dirname(file), name).replaceAll('\\', '/') : name;
  });

/** What the linter's expressions cannot say, because they know no "everything but". */
const allowed: Readonly<Record<string, RegExp>> = {
  domain: /^(domain\/|zod$|node:crypto$)/,
  operators:
    /^(operators\/|domain\/|runtime\/(duration|flow|forewarn-error|item|operate|scorer-service|step|topic|window-spec)\.ts$|runtime\/(rows|state)\/)/,
  pipelines:
    /^(pipelines\/|operators\/|domain\/|zod$|runtime\/(duration|flow|pipeline|scorer-service|topic|window-spec)\.ts$|sources\/decoders\/decoder\.ts$)/,
};

describe.each(Object.entries(allowed))('%s', (folder, may) => {
  it.each(filesOf(folder))('%s imports what it may and nothing else', (file) => {
    expect(importsOf(file).filter((name) => !may.test(name))).toEqual([]);
  });
});

it.each([...filesOf('domain'), ...filesOf('operators')])('%s makes no date of now', (file) => {
  expect(textOf(file)).not.toMatch(/\bnew Date\(\s*\)|(?<!new )\bDate\(/);
});

it("Kafka's client, which is optional, is loaded in one place", () => {
  const code = ['runtime', 'sources', 'sinks', 'models', 'console', 'cli', 'bench', 'soak'].flatMap(filesOf);
  const name = '@confluentinc/kafka-javascript';
  expect(
    code.filter((file) => new RegExp(`\\b(import|require)\\(\\s*['"]${name}`).test(textOf(file))),
  ).toEqual(['runtime/kafka/load-client.ts']);
});

/** A file of each folder, with a line that the linter must refuse and the words of its refusal. */
const refused: readonly (readonly [file: string, line: string, says: string])[] = [
  ['domain/one.ts', "import { wallClock } from '../runtime/clock.ts'; wallClock;", 'no-restricted-imports'],
  [
    'domain/detection/two.ts',
    "import { where } from '../../operators/where.ts'; where;",
    'no-restricted-imports',
  ],
  ['domain/three.ts', 'export const now = Date.now();', 'no-restricted-properties'],
  ['domain/four.ts', 'export const chance = Math.random();', 'no-restricted-properties'],
  ['operators/five.ts', 'export const now = performance.now();', 'no-restricted-globals'],
  ['operators/six.ts', 'setTimeout(() => undefined, 5);', 'no-restricted-globals'],
  ['operators/seven.ts', "import { Task } from '../runtime/task.ts'; Task;", 'no-restricted-imports'],
  ['operators/eight.ts', "import { merge } from 'rxjs'; merge;", 'no-restricted-imports'],
  [
    'sources/http/nine.ts',
    "import { mirror } from '../../sinks/mirror.ts'; mirror;",
    'no-restricted-imports',
  ],
  ['sinks/outbox/ten.ts', "import { score } from '../../models/score.ts'; score;", 'no-restricted-imports'],
  ['models/eleven.ts', "import { decode } from '../sources/decode.ts'; decode;", 'no-restricted-imports'],
  ['pipelines/twelve.ts', "import { decode } from '../sources/decode.ts'; decode;", 'no-restricted-imports'],
  ['runtime/thirteen.ts', "import { watch } from '../pipelines/watch.ts'; watch;", 'no-restricted-imports'],
  ['runtime/fourteen.ts', "import { start } from './wire/start.ts'; start;", 'no-restricted-imports'],
  ['console/fifteen.ts', "import { start } from '../runtime/wire/start.ts'; start;", 'no-restricted-imports'],
  ['models/Sixteen.ts', 'export const name = 16;', 'filename-case'],
  ['sinks/seventeen.ts', 'export default 17;', 'no-default-export'],
  ...['bench', 'runtime', 'runtime/wire', 'sources/kafka', 'sinks/kafka', 'pipelines', 'operators'].map(
    (folder) =>
      [
        `${folder}/eighteen.ts`,
        "import { Producer } from '@confluentinc/kafka-javascript';\nexport const made = Producer;",
        'no-restricted-imports',
      ] as const,
  ),
];
const admitted: readonly (readonly [file: string, line: string])[] = [
  ['pipelines/one.ts', "import type { Decoded } from '../sources/decoder.ts';\nexport type One = Decoded;"],
  ['runtime/wire/two.ts', "import { decode } from '../../sources/decode.ts';\nexport const two = decode;"],
  ['domain/detection/three.ts', "import { id } from '../schema.ts';\nexport const three = id;"],
  ['domain/allowed.ts', "export const four = Date.parse('2026-01-01T00:00:00Z');"],
  ['operators/allowed.ts', "import type { Step } from '../runtime/step.ts';\nexport type Five = Step<1, 1>;"],
];

describe('the linter', () => {
  it('refuses imports against the direction, clocks and chance, and nothing that is allowed', async () => {
    const folder = await tempFolder();
    await cp(join(packageRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const [file, line] of [...refused, ...admitted]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), `${line}\n`);
    }
    const said = lint(folder);
    for (const [file, , says] of refused)
      expect(
        said.filter((one) => one.filename === file).map((one) => one.code),
        file,
      ).toContainEqual(expect.stringContaining(says));
    for (const [file] of admitted)
      expect(
        said.filter((one) => one.filename === file),
        file,
      ).toEqual([]);
  });
});

const lint = (folder: string): readonly { readonly filename: string; readonly code: string }[] => {
  const program = join(packageRoot, 'node_modules/oxlint/bin/oxlint');
  const run = (): string => {
    try {
      return execFileSync(process.execPath, [program, '-f', 'json', '.'], { cwd: folder, encoding: 'utf8' });
    } catch (error) {
      // It ends with 1 when it finds something, as it should here.
      return (error as { readonly stdout: string }).stdout;
    }
  };
  const { diagnostics } = JSON.parse(run()) as { readonly diagnostics: { filename: string; code: string }[] };
  return diagnostics;
};
