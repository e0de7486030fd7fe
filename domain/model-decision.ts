import { z } from 'zod';
import { id, instant, numbersByName, text, word } from './schema.ts';

export const modelDecisionKinds = [
  'published',
  'challenged',
  'promoted',
  'rejected',
  'rolled_back',
  'shadowed',
  'released',
  'retired',
] as const;
export type ModelDecisionKind = (typeof modelDecisionKinds)[number];

/**
 * One decision about one version of a model, by a rule or by a person. What is in force is what these add up to, so a
 * change of model and the reason for it are one record.
 *
 * `published`: it is there and serves nothing. `challenged`: it scores in the shadow until it is decided on. `promoted`:
 * it is the champion, and the champion before goes on scoring in the shadow, where harm would show. `rejected`: it is no
 * challenger any more. `rolled_back`: this version, which was champion before, is it again. `shadowed`: it scores beside
 * the champion, and nobody decides on it. `released`: what was in the shadow scores no more. `retired`: it may not be
 * served again.
 */
export const modelDecision = z.object({
  id,
  at: instant,
  heardAt: instant,
  model: word,
  version: word,
  kind: z.enum(modelDecisionKinds),
  /** A person, or the part of Forewarn that did it. */
  by: word,
  reason: text,
  /** Champion before. */
  before: z.string().nullable(),
  /** What the decision stands on, by name: gain, bounds, shipments, calibration. */
  numbers: numbersByName,
});
export type ModelDecision = z.infer<typeof modelDecision>;

/** Which version answers, and which ones score beside it. */
export interface Aliases {
  readonly champion: string | null;
  readonly challenger: string | null;
  readonly shadow: string | null;
}

export const noAliases: Aliases = { champion: null, challenger: null, shadow: null };

/** What is in force after one more decision. */
export const afterDecision = (
  aliases: Aliases,
  { kind, version }: Pick<ModelDecision, 'kind' | 'version'>,
): Aliases => {
  const { champion, challenger, shadow } = aliases;
  const unless = (alias: string | null): string | null => (alias === version ? null : alias);
  switch (kind) {
    case 'published':
      return aliases;
    case 'challenged':
      return { champion, challenger: version, shadow: unless(shadow) };
    case 'promoted':
    case 'rolled_back':
      return {
        champion: version,
        challenger: unless(challenger),
        // Nothing is watched for harm after a way back: what did harm is out.
        shadow: kind === 'promoted' && champion !== version ? champion : null,
      };
    case 'shadowed':
      return { champion, challenger: unless(challenger), shadow: version };
    case 'rejected':
    case 'released':
    case 'retired':
      return { champion, challenger: unless(challenger), shadow: unless(shadow) };
  }
};
