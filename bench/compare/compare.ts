import { packageRoot } from '../../runtime/package-root.ts';
import type { Bench, BenchOptions } from '../bench.ts';
import { withTempFolder } from '../temp-folder.ts';
import { costIn, type Micro, micros } from './micro.ts';
import { type Round, verdictOn } from './verdict.ts';
import { hasScript, withRevision } from './worktree.ts';

const BOUND = 1.15;
const ROUNDS = 3;

const above = (name: string, text: string | undefined, otherwise: number, least: number): number => {
  const number = text === undefined ? otherwise : Number(text);
  if (!(number >= least)) throw new Error(`--${name}: "${text}" is not a number from ${least} on`);
  return number;
};

/** A B B A. */
const roundOf = async (micro: Micro, before: string, after: string): Promise<Round> => {
  const a1 = await costIn(before, micro);
  const b1 = await costIn(after, micro);
  const b2 = await costIn(after, micro);
  const a2 = await costIn(before, micro);
  return { before: [a1, a2], after: [b1, b2] };
};

const compare = async (
  say: (line: string) => void,
  given: BenchOptions,
  folder: string,
): ReturnType<Bench['run']> => {
  const revision = given['revision'];
  if (revision === undefined) throw new Error('compare: say with which revision: compare <revision>');
  const bound = above('bound', given['bound'], BOUND, 1);
  const rounds = above('rounds', given['rounds'], ROUNDS, 1);
  say(`compare: building ${revision}`);
  const all = micros(given, folder);
  return withRevision(revision, folder, async (root) => {
    const notThere: string[] = [];
    const measured = new Map<string, Round[]>();
    for (const micro of all) {
      if (!(await hasScript(root, micro.script))) {
        notThere.push(micro.name);
        continue;
      }
      // What the other revision does not know is no regression.
      if ((await costIn(root, micro).catch(() => null)) === null) notThere.push(micro.name);
      else measured.set(micro.name, []);
    }
    for (let round = 0; round < rounds; round++) {
      for (const micro of all) {
        const before = measured.get(micro.name);
        if (before === undefined) continue;
        say(`compare: round ${round + 1} of ${rounds}, ${micro.name}`);
        before.push(await roundOf(micro, root, packageRoot));
      }
    }
    const verdicts = [...measured].map(([name, told]) => ({ name, ...verdictOn(told, bound) }));
    const slower = verdicts.filter(({ isSlower }) => isSlower).map(({ name }) => name);
    if (slower.length > 0) process.exitCode = 1;
    return {
      tables: [
        {
          title: `Processor time of this tree ÷ that of ${revision}; above 1 is slower`,
          columns: [
            { name: given['bench'] ?? 'operators' },
            { name: 'ratio', digits: 2 },
            { name: 'from', digits: 2 },
            { name: 'to', digits: 2 },
            { name: 'noise', digits: 2 },
            { name: 'verdict' },
          ],
          rows: verdicts.map(({ name, ratio, noise, isSlower }) => [
            name,
            ratio.middle,
            ratio.low,
            ratio.high,
            noise,
            isSlower ? 'slower' : 'holds',
          ]),
        },
      ],
      notes: [
        `${rounds} rounds in the order before, after, after, before; a figure is the least of the warm runs of a process.`,
        `noise: the two runs of one revision in a round, slower ÷ faster. Slower is what passes ${bound} times the noise, and ${bound} in most rounds.`,
        ...(notThere.length > 0 ? [`Not in ${revision}: ${notThere.join(', ')}.`] : []),
        slower.length > 0 ? `Slower: ${slower.join(', ')}.` : 'Nothing is slower.',
      ],
    };
  });
};

/** Whether something has become slower than it was at another revision. Says it in ratios, and by its exit code. */
export const compareBench: Bench = {
  name: 'compare',
  about: 'compare <revision>: processor time here ÷ there, in turn; exit 1 when something is slower',
  argument: 'revision',
  options: {
    bench: 'operators (if left out) or nexmark',
    queries: 'which operators or queries, with ";" between; all of them if left out',
    bound: 'how many times as slow is too slow, beyond the noise; 1.15 if left out',
    rounds: 'rounds of four runs each; 3 if left out',
  },
  run: (say, given) => withTempFolder((folder) => compare(say, given, folder)),
};
