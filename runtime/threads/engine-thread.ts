import { MessageChannel, type TransferListItem, Worker } from 'node:worker_threads';
import { ForewarnError } from '../forewarn-error.ts';
import { serveLog, type ServeLogOptions } from '../log/port/serve-log.ts';
import { type Calls, callsOver } from './calls.ts';
import { takeError } from './passed-error.ts';
import type { ProcessMethods, ThreadData, ThreadMethods, ThreadReport } from './thread-calls.ts';

/** The module that runs in a thread, and what is given to it. */
export interface ThreadModule {
  readonly file: URL;
  /** Crosses as a copy, but for what is transferred. Made anew for each thread. */
  readonly settings: () => { readonly value: unknown; readonly transfer: readonly TransferListItem[] };
}

export interface EngineThreadOptions extends ServeLogOptions {
  /** For people: the first is 1. */
  readonly nth: number;
  readonly module: ThreadModule;
  readonly onReport: (report: ThreadReport) => void;
  readonly onError: (error: unknown) => void;
  readonly onFenced: (number: number, error: ForewarnError) => void;
}

/**
 * A thread with an engine in it, as its process sees it. One that ends before it was asked to is a failure of the process
 * (FW617): what it had not committed is for the next start to do.
 */
export class EngineThread {
  /** Partition numbers that it has, or is taking. */
  readonly numbers = new Set<number>();
  readonly calls: Calls<ThreadMethods>;
  /** Resolves when it can be asked, and rejects with what it cannot begin with. */
  readonly ready: Promise<void>;
  readonly #nth: number;
  readonly #worker: Worker;
  readonly #stopLog: () => void;
  readonly #onError: (error: unknown) => void;
  #begun: (error?: Error) => void = () => undefined;
  #isEnding = false;

  constructor({ nth, module, onReport, onError, onFenced, ...log }: EngineThreadOptions) {
    this.#nth = nth;
    this.#onError = onError;
    this.ready = new Promise((resolve, reject) => {
      this.#begun = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever waits for it hears of it.
    this.ready.catch(() => undefined);
    const records = new MessageChannel();
    const control = new MessageChannel();
    const { value, transfer } = module.settings();
    const workerData: ThreadData<unknown> = { log: records.port2, calls: control.port2, settings: value };
    const methods: ProcessMethods = {
      ready: (error) => this.#begun(error === null ? undefined : takeError(error)),
      report: onReport,
      failed: (error) => onError(takeError(error)),
      fenced: (number, error) => onFenced(number, takeError(error) as ForewarnError),
    };
    this.calls = callsOver<ThreadMethods>(control.port1, methods);
    this.#stopLog = serveLog(records.port1, log);
    this.#worker = new Worker(module.file, {
      name: `engine-${nth}`,
      workerData,
      transferList: [records.port2, control.port2, ...transfer],
    });
    this.#worker.once('error', (cause) => this.#over(cause));
    this.#worker.once('exit', (code) => this.#over(new Error(`it ended with code ${code}`)));
  }

  /** What it has done is committed, unless it cannot; then it goes. */
  async stop(): Promise<void> {
    // One that is gone has said so.
    await this.calls.ask('stop').catch(() => undefined);
    await this.end();
  }

  /** It goes as it is. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  #over(cause: Error): void {
    const numbers = this.numbers.size === 0 ? 'none' : [...this.numbers].join(', ');
    const error = new ForewarnError(
      'FW617',
      `worker thread ${this.#nth} (partition numbers: ${numbers}): ${cause.message}; start the process again, it goes on from the last commits`,
      { cause },
    );
    this.#stopLog();
    this.calls.end(error);
    this.#begun(error);
    if (!this.#isEnding) this.#onError(error);
    this.#isEnding = true;
  }
}
