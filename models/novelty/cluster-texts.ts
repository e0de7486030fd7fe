import { wordsOf } from '../../domain/text-words.ts';

/** A text that somebody wrote, and how often. */
export interface CountedText {
  readonly text: string;
  readonly count: number;
}

export interface TextCluster {
  /** The text that is most like the others. */
  readonly typical: string;
  readonly texts: readonly CountedText[];
  readonly count: number;
  /** Words that most of its texts share, the most telling first. */
  readonly words: readonly string[];
}

/** Cosine from which two texts say the same: found on our own examples; lower joins what only shares a place name. */
const ALIKE = 0.5;
const WORDS_NAMED = 6;

type Vector = ReadonlyMap<string, number>;

/**
 * Weighted by rarity, so that "shipment" joins nothing: term frequency × √ln(1 + texts ÷ texts that have it), length 1.
 * The root keeps a rare word, such as a place's name, from parting what says the same in few texts.
 */
const vectorsOf = (texts: readonly CountedText[]): readonly Vector[] => {
  const words = texts.map(({ text }) => wordsOf(text));
  const having = new Map<string, number>();
  for (const list of words) for (const word of new Set(list)) having.set(word, (having.get(word) ?? 0) + 1);
  return words.map((list) => {
    const vector = new Map<string, number>();
    for (const word of list)
      vector.set(word, (vector.get(word) ?? 0) + Math.sqrt(Math.log1p(texts.length / having.get(word)!)));
    const length = Math.sqrt([...vector.values()].reduce((sum, value) => sum + value * value, 0));
    return new Map([...vector].map(([word, value]) => [word, value / length]));
  });
};

const cosine = (a: Vector, b: Vector): number => {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [word, value] of few) sum += value * (many.get(word) ?? 0);
  return sum;
};

/**
 * Puts texts together that say the same in nearly the same words. Each text joins the cluster whose first text it is
 * most like, the most frequent texts first, so that the same texts give the same clusters in whatever order they come.
 */
export const clusterTexts = (texts: readonly CountedText[]): readonly TextCluster[] => {
  const merged = new Map<string, CountedText>();
  for (const { text, count } of texts) {
    const key = wordsOf(text).join(' ');
    if (key === '') continue;
    const known = merged.get(key);
    const shown = known === undefined || text < known.text ? text : known.text;
    merged.set(key, { text: shown, count: count + (known?.count ?? 0) });
  }
  const sorted = [...merged.values()].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  const vectors = vectorsOf(sorted);
  const clusters: { readonly leader: Vector; readonly members: number[] }[] = [];
  for (const [index, vector] of vectors.entries()) {
    let best: (typeof clusters)[number] | undefined;
    let bestCosine = ALIKE;
    for (const cluster of clusters) {
      const likeness = cosine(cluster.leader, vector);
      if (likeness < bestCosine || (best !== undefined && likeness === bestCosine)) continue;
      [best, bestCosine] = [cluster, likeness];
    }
    if (best === undefined) clusters.push({ leader: vector, members: [index] });
    else best.members.push(index);
  }
  return clusters.map(({ members }) => {
    const own = members.map((index) => sorted[index]!);
    const shared = new Map<string, number>();
    for (const index of members)
      for (const [word, value] of vectors[index]!) shared.set(word, (shared.get(word) ?? 0) + value);
    // Of words that tell as much as each other, as where all say the same, in the order in which people say them.
    const said = wordsOf(own[0]!.text);
    const placeOf = (word: string): number => (said.includes(word) ? said.indexOf(word) : said.length);
    const words = [...shared]
      .sort(([a, x], [b, y]) => y - x || placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
      .map(([word]) => word);
    return {
      typical: own[0]!.text,
      texts: own,
      count: own.reduce((sum, { count }) => sum + count, 0),
      words: words.slice(0, WORDS_NAMED),
    };
  });
};
