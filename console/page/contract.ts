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
  readonly costMinor: number;
  readonly decidedBy: string | null;
  readonly dueAt: number | null;
  readonly sentAt: number | null;
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
  readonly cause: string;
  readonly effect: string;
  readonly party: string;
  readonly evidence: {
    readonly events: readonly string[];
    readonly alerts: readonly string[];
    readonly ports: readonly string[];
    readonly predictions: readonly string[];
  };
  readonly probability: number | null;
  readonly modelVersion: string | null;
  readonly expectedAt: number | null;
  readonly promisedAt: number | null;
  readonly leadTimeMin: number | null;
  readonly planKnown: boolean;
  readonly customerId: string | null;
  readonly tier: string;
  readonly carrier: string | null;
  readonly service: string | null;
  readonly mode: string | null;
  readonly lane: string | null;
  readonly currency: string | null;
  readonly playbook: string | null;
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

/** One line of the page: what is wrong, what was done, and how it ended once it has. */
export interface RowView {
  readonly exception: ExceptionView;
  readonly actions: readonly ActionView[];
  readonly outcome: OutcomeView | null;
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
  /** Closed ones, newest first. */
  readonly recent: readonly RowView[];
  /** How many more are open than `rows` shows. */
  readonly more: number;
  readonly totals: Totals;
  readonly progress: Progress;
}

/** Body of `POST /v1/actions/{id}/approve|refuse` and `POST /v1/exceptions/{id}/acknowledge`. */
export interface DecisionBody {
  readonly by: string;
  readonly reason?: string;
  readonly note?: string;
}

/** Body of every answer that is not 2xx. */
export interface Problem {
  readonly error: string;
}
