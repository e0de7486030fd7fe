import type { DetectionRules } from '../../domain/detection-rules.ts';
import { feedFellSilent, type FeedRhythm, feedSent } from '../../domain/feed-rhythm.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';

/** A feed that says nothing from `from` until `to`, and then all of it. */
export interface Cut {
  readonly source: string;
  readonly from: number;
  readonly to: number;
}

export interface Silence {
  readonly feed: string;
  readonly raisedAt: number;
}

export const withCut = (documents: readonly RecordedDocument[], cut: Cut): readonly RecordedDocument[] =>
  documents
    .map((one) =>
      one.source === cut.source && one.heardAt >= cut.from && one.heardAt < cut.to
        ? { ...one, heardAt: cut.to }
        : one,
    )
    .toSorted((a, b) => a.heardAt - b.heardAt);

export const isOfCut = ({ feed, raisedAt }: Silence, cut: Cut): boolean =>
  feed === cut.source && raisedAt >= cut.from && raisedAt <= cut.to;

/**
 * Silences that the pipeline `feeds` raises for these documents until `until`, by the function that it is made of, so that a
 * week of a busy world takes seconds.
 */
export const silencesIn = (
  documents: readonly RecordedDocument[],
  rules: DetectionRules['feed'],
  until: number,
): readonly Silence[] => {
  const silences: Silence[] = [];
  const feeds = new Map<string, { readonly rhythm: FeedRhythm; readonly silentAt: number | null }>();
  const hear = (feed: string, now: number): FeedRhythm | null => {
    const known = feeds.get(feed);
    if (known === undefined) return null;
    if (known.silentAt === null || known.silentAt >= now) return known.rhythm;
    silences.push({ feed, raisedAt: known.silentAt });
    return feedFellSilent(known.rhythm, feed, known.silentAt).rhythm;
  };
  for (const { source, heardAt } of documents) {
    const { rhythm, silentAt } = feedSent(
      hear(source, heardAt),
      { feed: source, at: heardAt, carriers: [] },
      rules,
      heardAt,
    );
    feeds.set(source, { rhythm: rhythm!, silentAt });
  }
  for (const feed of feeds.keys()) hear(feed, until);
  return silences;
};
