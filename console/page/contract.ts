/**
 * What the console's API says and the page reads. Types only, and no import: the page is compiled for the
 * browser, the routes for Node, and both hold to this file. Times are log time in milliseconds since 1970 UTC.
 */
export interface ActionView {
  readonly id: string;
  readonly version: number;
  readonly exceptionId: string;
  readonly shipmentId: string;
  readonly type: string;
  readonly state: string;
  readonly authority: string;
  readonly playbook: string;
  readonly step: string;
  readonly destination: string | null;
  readonly role: string | null;
  readonly approvalDueAt: number | null;
  readonly approvalsNeeded: number;
  readonly approvals: readonly { readonly by: string; readonly role: string | null; readonly at: number }[];
  readonly expiresAt: number | null;
  readonly costMinor: number;
  readonly costCurrency: string;
  readonly decidedBy: string | null;
  readonly decidedReason: string | null;
  readonly dueAt: number | null;
  readonly sentAt: number | null;
  /** What the step that knows the customer made of it; null until it has, and for what is no message. */
  readonly dispatch: DispatchView | null;
}

/** Why something that was decided is not on its way. */
export interface DispatchView {
  readonly heldUntil: number | null;
  readonly heldBecause: string | null;
  readonly suppressedBecause: string | null;
}

export interface ImpactView {
  readonly orders: number;
  readonly lines: number;
  readonly linesLate: number;
  readonly valueLateMinor: number;
  readonly currency: string | null;
  readonly customers: readonly string[];
  readonly firstDueAt: number | null;
  readonly worstLateMin: number | null;
}

export interface LineView {
  readonly orderId: string;
  readonly lineId: string;
  readonly customerId: string;
  readonly dueAt: number;
  readonly lateMin: number | null;
}

export interface ExceptionView {
  readonly id: string;
  readonly version: number;
  readonly shipmentId: string;
  readonly category: string;
  readonly family: string;
  readonly state: string;
  readonly kind: 'predicted' | 'detected';
  /** 0 to 100; `severity-band.ts` has the words. */
  readonly severity: number;
  /** What makes it: the sum of the others times `certainty`. */
  readonly severityTerms: {
    readonly category: number;
    readonly lateness: number;
    readonly tier: number;
    readonly value: number;
    readonly contents: number;
    readonly certainty: number;
  };
  readonly cause: string;
  readonly effect: string;
  readonly party: string;
  readonly evidence: {
    readonly events: readonly string[];
    readonly alerts: readonly string[];
    readonly ports: readonly string[];
    readonly predictions: readonly string[];
  };
  readonly causeId: string | null;
  readonly probability: number | null;
  readonly modelVersion: string | null;
  /** By the model of arrivals; null where none said it. */
  readonly eta: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
  /** What moved the probability most, in log-odds, largest first. */
  readonly contributions: readonly ContributionView[];
  /** Why there are none though a model raised it. */
  readonly unexplained: string | null;
  readonly expectedAt: number | null;
  readonly promisedAt: number | null;
  readonly leadTimeMin: number | null;
  readonly planKnown: boolean;
  readonly customerId: string | null;
  readonly tier: string;
  readonly contractVersion: number | null;
  readonly carrier: string | null;
  readonly service: string | null;
  readonly mode: string | null;
  readonly lane: string | null;
  readonly valueMinor: number | null;
  readonly currency: string | null;
  readonly impact: ImpactView;
  readonly affectedLines: readonly LineView[];
  readonly playbook: string | null;
  /** Why there is this version, and the id of what it came from. */
  readonly changedBy: string;
  readonly changedRef: string | null;
  readonly assignee: string | null;
  readonly snoozedUntil: number | null;
  readonly raisedAt: number;
  readonly acknowledgedAt: number | null;
  readonly responseDueAt: number;
  readonly resolutionDueAt: number;
}

export interface OutcomeView {
  readonly shipmentId: string;
  readonly result: string;
  readonly minutesLate: number | null;
  readonly breached: boolean;
  readonly toldBeforeBreach: boolean;
}

/** What a person wrote beside a decision, or as a comment. */
export interface NoteView {
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly verdict: string;
  readonly note: string;
}

/** One line of the page: what is wrong, what was done, what was said, and how it ended once it has. */
export interface RowView {
  readonly exception: ExceptionView;
  readonly actions: readonly ActionView[];
  /** The latest twenty, oldest first. */
  readonly notes: readonly NoteView[];
  readonly outcome: OutcomeView | null;
}

/** Many exceptions, one cause. Counts are of the exceptions that are open now. */
export interface CauseView {
  /** `<kind>:<what>`, such as `port:USLAX`. */
  readonly id: string;
  readonly kind: string;
  readonly category: string;
  readonly open: number;
  /** Of them: nobody has taken on yet. */
  readonly unanswered: number;
  readonly shipments: number;
  readonly customers: number;
  readonly linesLate: number;
  /** Of the shipments, by currency. */
  readonly valueByCurrency: Readonly<Record<string, number>>;
  readonly worstSeverity: number;
  readonly firstRaisedAt: number;
  /** Actions that wait for approval, by the role that may give it; `any` where everybody may. */
  readonly waitingByRole: Readonly<Record<string, number>>;
}

export interface Totals {
  /** Exceptions that are open now, and how many of them are foreseen and how many seen. */
  readonly open: number;
  readonly predicted: number;
  readonly detected: number;
  /** Exceptions ever raised. */
  readonly raised: number;
  readonly actionsSent: number;
  /** Actions that wait for a person now. */
  readonly waiting: number;
  readonly outcomes: number;
  readonly breaches: number;
  /** Breached promises whose customer had been told before the promise passed. */
  readonly toldInTime: number;
}

/** The running line in numbers, the same that `forewarn run` prints on the terminal. */
export interface Progress {
  /** Log time now: in a simulated or recorded world it is not the wall clock's. */
  readonly at: number;
  readonly recordsPerSec: number;
  readonly openShipments: number;
  readonly exceptions: number;
  readonly actions: number;
  readonly outcomes: number;
  readonly watermarkLagSec: number;
}

/** `GET /v1/exceptions`, and the first event of `GET /v1/stream`. */
export interface BoardView {
  readonly rows: readonly RowView[];
  /** Causes of more than one open exception, the gravest first. */
  readonly causes: readonly CauseView[];
  /** Closed ones, newest first. */
  readonly recent: readonly RowView[];
  /** How many more are open than `rows` shows. */
  readonly more: number;
  readonly totals: Totals;
  readonly progress: Progress;
}

/** `GET /v1/causes/{id}`: the cause with its open exceptions, the gravest first. */
export interface CauseDetail {
  readonly cause: CauseView;
  readonly rows: readonly RowView[];
  readonly more: number;
}

/** An event of the stream named `cause`: as it is now, or null when nothing of it is open any more. */
export interface CauseChange {
  readonly id: string;
  readonly cause: CauseView | null;
}

/** Body of a decision; which of the fields an address takes is in `docs/desk.md`. */
export interface DecisionBody {
  readonly by?: string;
  readonly reason?: string;
  readonly note?: string;
  readonly until?: number;
  readonly assignee?: string | null;
}

/** Answer of a decision about one thing: its id in the log. */
export interface DecisionAnswer {
  readonly decision: string;
}

/** Answer of a decision about many: each was taken or refused by itself. */
export interface BulkAnswer {
  readonly taken: number;
  readonly decisions: readonly { readonly id: string; readonly decision: string }[];
  readonly refused: readonly { readonly id: string; readonly code: string; readonly error: string }[];
  /** Where nothing was taken. */
  readonly error?: string;
}

/** `GET /v1/reasons`. */
export interface Reasons {
  readonly refuse: readonly RefusalReason[];
}

export interface RefusalReason {
  readonly code: string;
  readonly words: string;
  readonly noteNeeded: boolean;
}

/** `GET /v1/caller`: as whom the key decides. */
export interface CallerView {
  readonly name: string;
  /** `*` stands for all. */
  readonly roles: readonly string[];
  /** Whether a request may say who decides. */
  readonly onBehalf: boolean;
}

/** One thing that happened to an exception. `row` is the version, the action, or the decision in few fields. */
export interface HistoryEntry {
  readonly kind: 'exception' | 'action' | 'decision';
  /** Log time. */
  readonly at: number;
  readonly id: string;
  /** Null for a decision: it has but one. */
  readonly version: number | null;
  readonly row: Readonly<Record<string, unknown>>;
}

/** `GET /v1/exceptions/{id}/history`. */
export interface History {
  readonly entries: readonly HistoryEntry[];
  /** False when the tables did not answer, and only what the board still knows is here. */
  readonly complete: boolean;
}

/** A feature that moved the probability, with its value; null where that was not known. */
export interface ContributionView {
  readonly feature: string;
  readonly value: number | null;
  readonly contribution: number;
}

/** `GET /v1/exceptions/{id}/evidence`: what the ids say, where that is known. */
export interface EvidenceView {
  readonly id: string;
  readonly at: number | null;
  readonly says: string;
}

/** Body of every answer that is not 2xx. */
export interface Problem {
  readonly error: string;
  readonly code?: string;
}
