import { createHash } from 'node:crypto';
import { type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';

export interface RulesFolderWatch {
  readonly stop: () => void;
}

export interface WatchRulesFolderOptions {
  readonly folder: string;
  /** Files that are read with it and lie elsewhere. */
  readonly besides?: readonly string[];
  /** What was in it when the rules in force were loaded, by `contentOf`. */
  readonly loaded: string;
  /** The files that rules are loaded from have changed, and then have not for a moment. */
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
  /** How long the files must stay as they are: an editor or a copy writes several, one after the other. */
  readonly settleMs?: number;
}

/** Folders of the folder of rules that are read again. */
const INNER = ['', 'playbooks', 'mappings', 'inputs'];

/** Hash of all that rules are loaded from, by name and content; files that cannot be read just now are part of it, too. */
export const contentOf = (folder: string, besides: readonly string[] = []): string => {
  const hash = createHash('sha256');
  const files = INNER.flatMap((inner) => yamlIn(folder, inner));
  for (const file of [...files.map((name) => join(folder, name)), ...besides]) {
    hash.update(`${file}\0`);
    try {
      hash.update(readFileSync(file));
    } catch {
      hash.update('unreadable');
    }
    hash.update('\0');
  }
  return hash.digest('hex');
};

const yamlIn = (folder: string, inner: string): readonly string[] => {
  try {
    return readdirSync(join(folder, inner))
      .filter((file) => /\.ya?ml$/.test(file))
      .toSorted()
      .map((file) => join(inner, file));
  } catch {
    return [inner];
  }
};

/**
 * Looks at the folder when the file system says that something in it moved, and tells of it once its content is another
 * and has stayed so for two looks: half a copy is never loaded. What is touched but the same is nothing.
 */
export const watchRulesFolder = ({
  folder,
  besides = [],
  loaded,
  onChange,
  onProblem,
  settleMs = 100,
}: WatchRulesFolderOptions): RulesFolderWatch => {
  let told = loaded;
  let seen = contentOf(folder, besides);
  let timer: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = [];
  const look = (): void => {
    timer = undefined;
    const now = contentOf(folder, besides);
    if (now !== seen) {
      seen = now;
      again();
    } else if (now !== told) {
      told = now;
      onChange();
    }
  };
  const again = (): void => {
    timer ??= setTimeout(look, settleMs);
  };
  // A file is watched by its folder: an editor that replaces it would leave a watch of the old one.
  for (const [watched, recursive] of [
    [folder, true],
    ...[...new Set(besides.map((file) => dirname(file)))].map((outer) => [outer, false] as const),
  ] as const) {
    try {
      const watcher = watch(watched, { recursive, persistent: false }, again);
      watcher.on('error', onProblem);
      watchers.push(watcher);
    } catch (error) {
      onProblem(error);
    }
  }
  // It may have changed between the loading and the watching.
  if (seen !== told) again();
  return {
    stop: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
};
