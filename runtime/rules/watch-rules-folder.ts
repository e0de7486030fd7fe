import { createHash } from 'node:crypto';
import { type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';

export interface RulesFolderWatch {
  readonly stop: () => void;
}

export interface WatchRulesFolderOptions {
  readonly folder: string;
  /** What was in it when the rules in force were loaded, by `contentOf`. */
  readonly loaded: string;
  /** The files that rules are loaded from have changed, and then have not for a moment. */
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
  /** How long the files must stay as they are: an editor or a copy writes several, one after the other. */
  readonly settleMs?: number;
}

/** Hash of all that `loadRules` reads, by name and content; files that cannot be read just now are part of it, too. */
export const contentOf = (folder: string): string => {
  const hash = createHash('sha256');
  for (const file of [...yamlIn(folder, ''), ...yamlIn(folder, 'playbooks')]) {
    hash.update(`${file}\0`);
    try {
      hash.update(readFileSync(join(folder, file)));
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
      .filter((file) => file.endsWith('.yaml'))
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
  loaded,
  onChange,
  onProblem,
  settleMs = 100,
}: WatchRulesFolderOptions): RulesFolderWatch => {
  let told = loaded;
  let seen = contentOf(folder);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const look = (): void => {
    timer = undefined;
    const now = contentOf(folder);
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
  try {
    watcher = watch(folder, { recursive: true, persistent: false }, again);
    watcher.on('error', onProblem);
  } catch (error) {
    onProblem(error);
  }
  // It may have changed between the loading and the watching.
  if (seen !== told) again();
  return {
    stop: () => {
      clearTimeout(timer);
      watcher?.close();
    },
  };
};
