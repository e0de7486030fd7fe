import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';

export const textOf = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');

/** Pages that people read, from the root on. */
export const pages: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
];

/** Files of the project as git knows them, with those that are new; null outside a clone. */
export const projectFiles = (): readonly string[] | null => {
  try {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: packageRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\0').filter((name) => name !== '' && existsSync(join(packageRoot, name)));
  } catch {
    return null;
  }
};

export interface CodeBlock {
  readonly language: string;
  /** The comment line before it, where there is one. */
  readonly before: string;
  readonly text: string;
}

export const codeBlocks = (page: string): readonly CodeBlock[] =>
  [...page.matchAll(/(?:^(<!-- .* -->)\n)?^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, before = '', language = '', text = '']) => ({
      before,
      language,
      text,
    }),
  );

/** `# No step reads one source by two ways` → `no-step-reads-one-source-by-two-ways`, as code hosts make anchors. */
export const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/\[([^\]]*)\](\([^)]*\))?/g, '$1')
        .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
