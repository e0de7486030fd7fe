import { z } from 'zod';
import { cause, effect, party, status, type Cause, type Effect, type Party, type Status } from './codes.ts';
import { word } from './schema.ts';
import { noTextRules, type TextRules } from './text-rules.ts';

/**
 * What one code of a partner or standard means in our closed lists. A status code has a `status`; a reason has
 * none. Cause, effect and party all `none` with no category: nothing special, such as 1651 `NS`.
 */
const codeRow = z.strictObject({
  /** In our own few words; for people. */
  means: z.string().min(1),
  status: status.nullable().default(null),
  cause: cause.default('none'),
  effect: effect.default('none'),
  party: party.default('none'),
  category: word.nullable().default(null),
  /**
   * True for a status that is itself what went wrong (refused, damaged): its effect and category stand
   * whatever reason comes with it, and the reason only says why.
   */
  leads: z.boolean().default(false),
  /** Key of `sources`: where code and meaning are published. */
  source: z.string().min(1),
});

const codeList = z.strictObject({
  /** Which place in a message the codes come from: what happened, or why. */
  role: z.enum(['status', 'reason']),
  /** Agency that keeps the list, where a standard lets several; null takes any. */
  agency: z.string().nullable().default(null),
  codes: z.record(z.string().min(1), codeRow),
});

/** One file of `rules/mappings/`: a standard, or one partner's dialect of it, which is asked first. */
export const codeMappingFile = z
  .strictObject({
    standard: word,
    partner: word.nullable().default(null),
    version: z.int().min(1),
    sources: z.record(z.string(), z.string()),
    /**
     * Keys of sources that nobody publishes: what rows of theirs say comes from clients, replies or custom, and is believed
     * until the partner says otherwise.
     */
    unverified: z.array(z.string()).default([]),
    lists: z.record(z.string(), codeList),
  })
  .superRefine((file, context) => {
    for (const [i, source] of file.unverified.entries()) {
      if (source in file.sources) continue;
      context.addIssue({
        code: 'custom',
        path: ['unverified', i],
        message: `"${source}" is not in sources`,
      });
    }
    for (const [listName, list] of Object.entries(file.lists)) {
      for (const [code, row] of Object.entries(list.codes)) {
        const path = ['lists', listName, 'codes', code];
        if (list.role === 'status' && row.status === null) {
          context.addIssue({
            code: 'custom',
            path: [...path, 'status'],
            message: 'a status code needs a status',
          });
        }
        if (list.role === 'reason' && row.status !== null) {
          context.addIssue({ code: 'custom', path: [...path, 'status'], message: 'a reason has no status' });
        }
        if (!(row.source in file.sources)) {
          context.addIssue({
            code: 'custom',
            path: [...path, 'source'],
            message: `"${row.source}" is not in sources`,
          });
        }
      }
    }
  });
export type CodeMappingFile = z.infer<typeof codeMappingFile>;
export type MappedCode = z.infer<typeof codeRow>;

export interface CodeKey {
  readonly standard: string;
  readonly partner: string | null;
  readonly list: string;
  readonly agency: string | null;
  readonly code: string;
}

/** Every mapping file that is loaded, as one look-up: partner before standard, named agency before any. */
export interface CodeMappings {
  readonly files: readonly CodeMappingFile[];
  /** Every standard that has a file. */
  readonly standards: readonly string[];
  find(key: CodeKey): MappedCode | null;
  /** Names of a standard's lists of one role, in the order of its files. */
  lists(standard: string, role: 'status' | 'reason'): readonly string[];
  /** `x12-214@1`, or `x12-214/acme@3` where the partner has a dialect: for an event's provenance. */
  label(standard: string, partner: string | null): string | null;
  /** What a text means where codes say little. */
  readonly texts: TextRules;
}

const keyOf = (
  standard: string,
  partner: string | null,
  list: string,
  agency: string | null,
  code: string,
): string => `${standard}\u0000${partner ?? ''}\u0000${list}\u0000${agency ?? ''}\u0000${code}`;

export const codeMappings = (
  files: readonly CodeMappingFile[],
  texts: TextRules = noTextRules,
): CodeMappings => {
  const rows = new Map<string, MappedCode>();
  const labels = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (const file of files) {
    const { standard, partner } = file;
    labels.set(
      `${standard}\u0000${partner ?? ''}`,
      partner === null ? `${standard}@${file.version}` : `${standard}/${partner}@${file.version}`,
    );
    for (const [listName, list] of Object.entries(file.lists)) {
      const names = lists.get(`${standard}\u0000${list.role}`) ?? [];
      if (!names.includes(listName)) names.push(listName);
      lists.set(`${standard}\u0000${list.role}`, names);
      for (const [code, row] of Object.entries(list.codes)) {
        rows.set(keyOf(standard, partner, listName, list.agency, code), row);
      }
    }
  }
  const findFor = (partner: string | null, { standard, list, agency, code }: CodeKey): MappedCode | null =>
    (agency === null ? undefined : rows.get(keyOf(standard, partner, list, agency, code))) ??
    rows.get(keyOf(standard, partner, list, null, code)) ??
    null;
  return {
    files,
    texts,
    standards: [...new Set(files.map(({ standard }) => standard))],
    find: (key) => (key.partner === null ? null : findFor(key.partner, key)) ?? findFor(null, key),
    lists: (standard, role) => lists.get(`${standard}\u0000${role}`) ?? [],
    label: (standard, partner) =>
      (partner === null ? undefined : labels.get(`${standard}\u0000${partner}`)) ??
      labels.get(`${standard}\u0000`) ??
      null,
  };
};

export interface CodesOfEvent {
  readonly standard: string;
  readonly partner: string | null;
  readonly status: string | null;
  readonly reason: string | null;
  /** List of the status code where the message's place says so; null asks every status list in order. */
  readonly statusList?: string | null;
  /** Likewise of the reason. */
  readonly reasonList?: string | null;
  readonly agency?: string | null;
}

export interface Meaning {
  readonly status: Status;
  readonly cause: Cause;
  readonly effect: Effect;
  readonly party: Party;
  readonly category: string | null;
}

/**
 * The combined meaning of a status and its reason. The status says what happened; cause, effect, party and
 * category are the reason's, unless the reason is nothing special, or the status leads:
 * SD+AO → delay for weather, category `weather`; SD+NS → category `delay`; A7+AG → `refused`, party consignee;
 * D1+NS → delivered, no category. An unknown code leaves `unmapped` and takes nothing from what is known.
 */
export const meaningOf = (mappings: CodeMappings, codes: CodesOfEvent): Meaning => {
  const { standard, partner, agency = null } = codes;
  const look = (names: readonly string[], code: string): MappedCode | null => {
    for (const list of names) {
      const row = mappings.find({ standard, partner, list, agency, code });
      if (row !== null) return row;
    }
    return null;
  };
  const statusLists = codes.statusList ? [codes.statusList] : mappings.lists(standard, 'status');
  const what = codes.status === null ? null : look(statusLists, codes.status);
  const reasonLists = codes.reasonList ? [codes.reasonList] : mappings.lists(standard, 'reason');
  const why = codes.reason === null ? null : look(reasonLists, codes.reason);
  const happened = what?.status ?? (codes.status === null ? 'information' : 'unmapped');

  const ofStatus: Meaning = {
    status: happened,
    cause: what?.cause ?? 'none',
    effect: what?.effect ?? 'none',
    party: what?.party ?? 'none',
    category: what?.category ?? null,
  };
  if (codes.reason === null) return ofStatus;
  if (why === null) return { ...ofStatus, cause: 'unmapped' };
  if (isNothingSpecial(why)) return ofStatus;
  const leads = what?.leads ?? false;
  return {
    status: happened,
    cause: why.cause === 'none' ? ofStatus.cause : why.cause,
    effect: leads || why.effect === 'none' ? ofStatus.effect : why.effect,
    party: why.party === 'none' ? ofStatus.party : why.party,
    category: leads ? ofStatus.category : (why.category ?? ofStatus.category),
  };
};

const isNothingSpecial = (row: MappedCode): boolean =>
  row.cause === 'none' && row.effect === 'none' && row.party === 'none' && row.category === null;
