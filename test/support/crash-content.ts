import { hashOf } from './seen-records.ts';

/** What is left in the end: lines by `topic/partition`, and one line by `table name`. */
export type Content = ReadonlyMap<string, readonly string[]>;

/** `rows hash` of each. */
export const shortened = (content: Content): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...content].map(([name, lines]) => [name, name.startsWith('table ') ? lines[0]! : hashOf(lines)]),
  );

/** Throws with the first line that is another one. */
export const refuseOther = (expected: Content, found: Content, where: string): void => {
  for (const [name, wanted] of expected) {
    const lines = found.get(name) ?? [];
    const at = wanted.findIndex((line, index) => line !== lines[index]);
    const first = at < 0 && lines.length > wanted.length ? wanted.length : at;
    if (first < 0) continue;
    throw new Error(
      `${where}: ${name} differs from the undisturbed run at ${first}: ${lines[first] ?? 'nothing'} instead of ${wanted[first] ?? 'nothing'}`,
    );
  }
};
