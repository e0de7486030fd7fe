import type { Board } from './board.ts';
import { viewOf } from './board-view.ts';
import type { CauseChange, Progress } from './page/contract.ts';

/** What the stream needs of an HTTP response; `node:http`'s fits. */
export interface StreamResponse {
  write(chunk: string): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close', listener: () => void): unknown;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
}

export interface LiveStreamOptions {
  readonly board: Board;
  readonly progress: () => Progress;
  /** 200 ms by default: at most five writes a second to each page. */
  readonly flushEveryMs?: number;
  /** 15 s by default; a proxy that hears nothing for longer hangs up. */
  readonly heartbeatEveryMs?: number;
  /** A page that lets this much wait is cut off: 16 MiB by default. */
  readonly maxBufferedBytes?: number;
}

interface Client {
  readonly response: StreamResponse;
  readonly exceptions: Set<string>;
  readonly actions: Set<string>;
  readonly causes: Set<string>;
  totals: string;
  progressedAt: number;
  /** Whether it was behind at the last heartbeat too. */
  behind: boolean;
}

const progressEveryFlushes = 5;

/**
 * Server-sent events for any number of pages. Each gets the whole `board` first, then what changed since its
 * last flush: ten versions of one exception within 200 ms are one `exception` event with the last. A page that
 * reads slowly gets fewer and larger steps; one that does not read at all is dropped and may come again.
 * Every connection starts with the board, so a `Last-Event-ID` needs no memory of ours.
 */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  readonly #clients = new Set<Client>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #unsubscribe: () => void;
  #flushes = 0;
  #eventId = 0;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
    this.#unsubscribe = options.board.onChange((change) => {
      for (const client of this.#clients) {
        if (change.kind === 'exception') client.exceptions.add(change.id);
        else if (change.kind === 'action') client.actions.add(change.id);
        else client.causes.add(change.id);
      }
    });
    this.#timers = [
      setInterval(() => this.flush(), options.flushEveryMs ?? 200),
      setInterval(() => this.heartbeat(), options.heartbeatEveryMs ?? 15_000),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  add(response: StreamResponse): void {
    const view = viewOf(this.#options.board, this.#options.progress());
    const client: Client = {
      response,
      exceptions: new Set(),
      actions: new Set(),
      causes: new Set(),
      totals: JSON.stringify(view.totals),
      progressedAt: this.#flushes,
      behind: false,
    };
    response.on('close', () => this.#clients.delete(client));
    this.#clients.add(client);
    response.write(`retry: 2000\n\n${this.#event('board', JSON.stringify(view))}`);
  }

  /** Writes what has gathered. Called by the timer; by tests when they want it. */
  flush(): void {
    this.#flushes += 1;
    if (this.#clients.size === 0) return;
    const totals = JSON.stringify(this.#options.board.totals());
    const events = new Map<string, string>();
    for (const client of this.#clients) {
      if (this.#dropped(client) || client.response.writableNeedDrain) continue;
      const chunk = this.#gather(client, totals, events);
      if (chunk !== '') client.response.write(chunk);
    }
  }

  heartbeat(): void {
    for (const client of this.#clients) {
      const behind = client.response.writableNeedDrain;
      if (behind && client.behind) this.#drop(client);
      else if (!this.#dropped(client)) client.response.write(': still here\n\n');
      client.behind = behind;
    }
  }

  /** Ends every connection, so that the server can close. */
  close(): void {
    this.#unsubscribe();
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of this.#clients) client.response.end();
    this.#clients.clear();
  }

  #gather(client: Client, totals: string, events: Map<string, string>): string {
    const { board, progress } = this.#options;
    let chunk = '';
    const once = (name: string, key: string, value: () => unknown): void => {
      let event = events.get(key);
      if (event === undefined) {
        const data = value();
        event = data === undefined ? '' : this.#event(name, JSON.stringify(data));
        events.set(key, event);
      }
      chunk += event;
    };
    for (const id of client.exceptions) once('exception', `e${id}`, () => board.row(id));
    for (const id of client.actions) once('action', `a${id}`, () => board.action(id));
    client.exceptions.clear();
    client.actions.clear();
    for (const id of client.causes) {
      once('cause', `c${id}`, (): CauseChange => {
        const cause = board.cause(id);
        return { id, cause: cause === undefined || cause.open < 2 ? null : cause };
      });
    }
    client.causes.clear();
    if (totals !== client.totals) {
      client.totals = totals;
      once('totals', 't', () => board.totals());
    }
    if (this.#flushes - client.progressedAt >= progressEveryFlushes) {
      client.progressedAt = this.#flushes;
      once('progress', 'p', progress);
    }
    return chunk;
  }

  #dropped(client: Client): boolean {
    const limit = this.#options.maxBufferedBytes ?? 16 * 1024 * 1024;
    if (client.response.writableLength <= limit) return false;
    this.#drop(client);
    return true;
  }

  #drop(client: Client): void {
    this.#clients.delete(client);
    client.response.destroy();
  }

  #event(name: string, data: string): string {
    this.#eventId += 1;
    return `id: ${this.#eventId}\nevent: ${name}\ndata: ${data}\n\n`;
  }
}
