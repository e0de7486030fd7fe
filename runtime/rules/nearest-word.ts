/** Fewest single-character changes that make one word of the other (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/**
 * The word that was probably meant: `notfy_customer` → notify_customer, `minValue` → minValueMinor; null where
 * none is near.
 */
export const nearestWord = (word: string, words: readonly string[]): string | null => {
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const [a, b] = [word.toLowerCase(), candidate.toLowerCase()];
    const changes = b.startsWith(a) ? 1 : distance(a, b);
    if (changes < least) {
      least = changes;
      nearest = candidate;
    }
  }
  return nearest;
};
