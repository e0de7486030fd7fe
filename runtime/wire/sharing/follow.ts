import type { Log } from '../../log/log.ts';
import type { LoadedRules } from '../rules-in-force.ts';

/** Tells of new rows in a topic of one partition, such as what another process has decided. Answers how to stop it. */
export const followTopic = (
  log: Pick<Log, 'end' | 'onAdvance'>,
  topic: string,
  onNew: () => void,
): (() => void) => {
  let seen = log.end(topic, 0);
  return log.onAdvance(() => {
    const end = log.end(topic, 0);
    if (end === seen) return;
    seen = end;
    onNew();
  });
};

/** The folder of rules as it is now, which may be long after the start; what was loaded then where it does not load any more. */
export const loadedNow = (
  load: () => LoadedRules,
  atStart: LoadedRules,
  note: (line: string) => void,
): LoadedRules => {
  try {
    return load();
  } catch (error) {
    note(`rules: ${error instanceof Error ? error.message : String(error)}; those of the start are taken`);
    return atStart;
  }
};
