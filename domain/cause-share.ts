import type { ShipmentException } from './exception.ts';
import { sameContent } from './same-content.ts';

/** What is kept of an exception that has, or had, a cause in common with others. */
interface Member {
  readonly version: number;
  /** The cause it has now; null when it stands alone again. */
  readonly causeId: string | null;
  /** Every cause that it ever had. */
  readonly joined: readonly string[];
  readonly isOpen: boolean;
  readonly category: string;
  readonly raisedAt: number;
  readonly severity: number;
  readonly linesLate: number;
  readonly customerId: string | null;
  readonly valueMinor: number;
  readonly currency: string | null;
}

/** A shipment's exceptions with a cause, by id. */
export type CauseMembers = Readonly<Record<string, Member>>;

/** What one shipment adds to a cause. Lines and value count once, however many of its exceptions have the cause. */
export interface CauseShare {
  readonly raised: number;
  readonly firstRaisedAt: number;
  /** Of the exception that was raised first. */
  readonly category: string;
  /** The rest is about exceptions that are open now; all of it is nothing where none is. */
  readonly open: number;
  readonly worstSeverity: number;
  readonly linesLate: number;
  readonly customerId: string | null;
  readonly valueMinor: number;
  readonly currency: string | null;
}

/** A shipment's share in a cause became another: what it was is taken out, what it is comes in. */
export interface CauseChange {
  readonly causeId: string;
  readonly at: number;
  readonly before: CauseShare | null;
  readonly after: CauseShare | null;
}

const over: ReadonlySet<ShipmentException['state']> = new Set(['resolved', 'closed', 'withdrawn']);

/** The share of a shipment; null where no exception of it ever had the cause. */
export const shareIn = (members: CauseMembers, causeId: string): CauseShare | null => {
  let share: CauseShare | null = null;
  for (const member of Object.values(members)) {
    if (!member.joined.includes(causeId)) continue;
    const { category, raisedAt } = member;
    const isFirst: boolean = share === null || raisedAt < share.firstRaisedAt;
    const known: CauseShare = share ?? nothingOpen;
    const isOpen = member.isOpen && member.causeId === causeId;
    const isWorth = isOpen && member.valueMinor > known.valueMinor;
    share = {
      raised: known.raised + 1,
      firstRaisedAt: isFirst ? raisedAt : known.firstRaisedAt,
      category: isFirst ? category : known.category,
      open: known.open + (isOpen ? 1 : 0),
      worstSeverity: isOpen ? Math.max(known.worstSeverity, member.severity) : known.worstSeverity,
      linesLate: isOpen ? Math.max(known.linesLate, member.linesLate) : known.linesLate,
      customerId: isOpen ? (member.customerId ?? known.customerId) : known.customerId,
      valueMinor: isWorth ? member.valueMinor : known.valueMinor,
      currency: isWorth ? member.currency : known.currency,
    };
  }
  return share;
};

const nothingOpen: CauseShare = {
  raised: 0,
  firstRaisedAt: Infinity,
  category: '',
  open: 0,
  worstSeverity: 0,
  linesLate: 0,
  customerId: null,
  valueMinor: 0,
  currency: null,
};

/**
 * Takes the latest version of an exception. Usually one share changes; where it has another cause now, it leaves the
 * one and joins the other. An exception that never had a cause is nothing to keep.
 */
export const withException = (
  members: CauseMembers,
  exception: ShipmentException,
): { readonly members: CauseMembers; readonly changes: readonly CauseChange[] } => {
  const { id, version, causeId, at } = exception;
  const known = members[id];
  if (known === undefined ? causeId === null : version <= known.version) return { members, changes: [] };
  const joined = known?.joined ?? [];
  const after: CauseMembers = {
    ...members,
    [id]: {
      version,
      causeId,
      joined: causeId === null || joined.includes(causeId) ? joined : [...joined, causeId],
      isOpen: !over.has(exception.state),
      category: exception.category,
      raisedAt: exception.raisedAt,
      severity: exception.severity,
      linesLate: exception.impact.linesLate,
      customerId: exception.customerId,
      valueMinor: exception.valueMinor ?? 0,
      currency: exception.currency,
    },
  };
  const touched = new Set([known?.causeId ?? null, causeId]);
  const changes = [...touched].flatMap((cause): readonly CauseChange[] =>
    cause === null ? [] : changeOf(cause, at, shareIn(members, cause), shareIn(after, cause)),
  );
  return { members: after, changes };
};

/** Takes a shipment that is forgotten out of the causes in which something of it is still open. */
export const withoutMembers = (members: CauseMembers, at: number): readonly CauseChange[] => {
  const causeIds = new Set(Object.values(members).flatMap(({ causeId }) => causeId ?? []));
  return [...causeIds].flatMap((causeId) => {
    const before = shareIn(members, causeId);
    if (before === null || before.open === 0) return [];
    const { raised, firstRaisedAt, category } = before;
    return changeOf(causeId, at, before, { ...nothingOpen, raised, firstRaisedAt, category });
  });
};

export const isAnyOpen = (members: CauseMembers): boolean =>
  Object.values(members).some(({ isOpen, causeId }) => isOpen && causeId !== null);

const changeOf = (
  causeId: string,
  at: number,
  before: CauseShare | null,
  after: CauseShare | null,
): readonly CauseChange[] =>
  before === after || (before !== null && after !== null && sameContent(before, after))
    ? []
    : [{ causeId, at, before, after }];
