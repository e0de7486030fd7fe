import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Board } from '../../console/board.ts';
import { LiveStream, type StreamResponse } from '../../console/live-stream.ts';
import { sseParser } from '../../console/page/sse-parser.ts';
import { anAction, anException } from './rows.ts';

class FakeResponse extends EventEmitter implements StreamResponse {
  readonly events: { name: string; data: unknown }[] = [];
  writes = 0;
  writableLength = 0;
  writableNeedDrain = false;
  ended: 'ended' | 'destroyed' | 'no' = 'no';
  readonly #parse = sseParser(({ name, data }) =>
    this.events.push({ name, data: JSON.parse(data) as unknown }),
  );

  write(chunk: string): boolean {
    this.writes += 1;
    this.#parse(chunk);
    return true;
  }
  end(): void {
    this.ended = 'ended';
  }
  destroy(): void {
    this.ended = 'destroyed';
  }
  names(): string[] {
    return this.events.splice(0).map(({ name }) => name);
  }
}

const streamOf = (board: Board): LiveStream =>
  new LiveStream({
    board,
    progress: () => ({
      at: 0,
      recordsPerSec: 0,
      openShipments: 0,
      exceptions: 0,
      actions: 0,
      outcomes: 0,
      watermarkLagSec: 0,
    }),
    flushEveryMs: 3_600_000,
    heartbeatEveryMs: 3_600_000,
    maxBufferedBytes: 1_000,
  });

describe('live stream', () => {
  it('begins with the board and then tells what changed, each once per flush', () => {
    const board = new Board();
    board.applyException(anException());
    const stream = streamOf(board);
    const page = new FakeResponse();
    stream.add(page);
    expect(page.names()).toEqual(['board']);
    stream.flush();
    expect(page.names()).toEqual([]);
    for (let version = 2; version < 12; version += 1)
      board.applyException(anException({ version, severity: version }));
    board.applyAction(anAction());
    stream.flush();
    const [exception] = page.events;
    expect(exception?.data).toMatchObject({ exception: { version: 11, severity: 11 } });
    expect(page.names()).toEqual(['exception', 'action']);
    board.applyAction(anAction({ version: 2, state: 'sent' }));
    stream.flush();
    expect(page.names()).toEqual(['action', 'totals']);
    stream.close();
  });

  it('tells a cause anew when something under it changes, and when it is none any more', () => {
    const board = new Board();
    const causeId = 'port:USLAX';
    const stream = streamOf(board);
    const page = new FakeResponse();
    stream.add(page);
    page.names();
    for (const id of ['x1', 'x2']) board.applyException(anException({ id, causeId }));
    stream.flush();
    const causes = () => page.events.splice(0).filter(({ name }) => name === 'cause');
    expect(causes().map(({ data }) => data)).toMatchObject([{ id: causeId, cause: { open: 2 } }]);
    board.applyException(anException({ id: 'x2', causeId, version: 2, state: 'closed' }));
    stream.flush();
    expect(causes().map(({ data }) => data)).toEqual([{ id: causeId, cause: null }]);
    stream.close();
  });

  it('sends progress every fifth flush', () => {
    const stream = streamOf(new Board());
    const page = new FakeResponse();
    stream.add(page);
    page.names();
    for (let n = 0; n < 10; n += 1) stream.flush();
    expect(page.names()).toEqual(['progress', 'progress']);
    stream.close();
  });

  it('gathers for a slow page, and drops one that never reads', () => {
    const board = new Board();
    const stream = streamOf(board);
    const slow = new FakeResponse();
    stream.add(slow);
    slow.writableNeedDrain = true;
    const writes = slow.writes;
    for (let n = 0; n < 50; n += 1) {
      board.applyException(anException({ version: n + 1 }));
      stream.flush();
    }
    expect(slow.writes).toBe(writes);
    slow.writableNeedDrain = false;
    slow.names();
    stream.flush();
    expect(slow.names().filter((name) => name === 'exception')).toHaveLength(1);

    slow.writableNeedDrain = true;
    stream.heartbeat();
    expect(slow.ended).toBe('no');
    stream.heartbeat();
    expect(slow.ended).toBe('destroyed');
    expect(stream.clients).toBe(0);
    stream.close();
  });

  it('drops a page with too much waiting, forgets one that leaves, and ends the rest at close', () => {
    const stream = streamOf(new Board());
    const [full, gone, calm] = [new FakeResponse(), new FakeResponse(), new FakeResponse()];
    for (const page of [full, gone, calm]) stream.add(page);
    full.writableLength = 1_001;
    gone.emit('close');
    stream.flush();
    expect([full.ended, gone.ended, calm.ended]).toEqual(['destroyed', 'no', 'no']);
    expect(stream.clients).toBe(1);
    stream.close();
    expect(calm.ended).toBe('ended');
  });
});
