import type { Answers, ScorerService } from '../../runtime/scorer-service.ts';

/** One line of a matrix, and the versions that are pinned for it. */
export interface Line {
  readonly matrix: Float32Array;
  readonly offset: number;
  readonly versions: readonly string[] | undefined;
}

/** The answers that hold a line, and where in them it is. */
export interface LineAnswer {
  readonly answers: Answers;
  readonly at: number;
}

/**
 * Asks about all lines, those of the same versions in one question; undefined for the lines whose question failed. The
 * scorer counts and logs its failures.
 */
export const askByVersion = async (
  scorer: ScorerService,
  columns: number,
  lines: readonly Line[],
): Promise<readonly (LineAnswer | undefined)[]> => {
  const said: (LineAnswer | undefined)[] = Array.from({ length: lines.length }, () => undefined);
  const groups = new Map<string, number[]>();
  for (const [index, { versions }] of lines.entries()) {
    const key = versions?.join(' ') ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const matrix = new Float32Array(group.length * columns);
      for (const [at, index] of group.entries()) {
        const { matrix: from, offset } = lines[index]!;
        matrix.set(from.subarray(offset, offset + columns), at * columns);
      }
      try {
        const answers = await scorer.score(matrix, group.length, lines[group[0]!]!.versions);
        for (const [at, index] of group.entries()) said[index] = { answers, at };
      } catch {
        // The fallback speaks for these.
      }
    }),
  );
  return said;
};
