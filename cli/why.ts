import type { Answer } from '../runtime/wire/why.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { neededProcess } from './running-process.ts';

/** `forewarn why <step>`: asks the running process where the tasks of a step stand, and what holds them. */
export const whyCommand = async (
  step: string,
  options: ConfigOptions & { readonly json?: boolean },
): Promise<void> => {
  const running = await neededProcess(configFrom(options));
  const answer = await running.get<Answer>(`/v1/why/${encodeURIComponent(step)}`);
  if (options.json === true) console.log(JSON.stringify(answer, null, 2));
  else for (const { sentences } of answer.tasks) console.log(sentences.join('\n  '));
};
