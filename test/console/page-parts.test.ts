import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf as bandOfTaxonomy } from '../../domain/taxonomy.ts';
import type { RowView } from '../../console/page/contract.ts';
import { matcher, noFilter } from '../../console/page/filter.ts';
import { PageModel } from '../../console/page/page-model.ts';
import { laneWords, moneyWords, plainWords } from '../../console/page/plain-words.ts';
import { bandOf } from '../../console/page/severity-band.ts';
import { type StreamEvent, sseParser } from '../../console/page/sse-parser.ts';
import { latenessWords, momentWords, relativeWords, spanWords } from '../../console/page/time-words.ts';
import { anActionView, anException, noon } from './rows.ts';

const minute = 60_000;
const row = (over: Partial<RowView> = {}): RowView => ({
  exception: anException(),
  actions: [],
  notes: [],
  outcome: null,
  ...over,
});

describe('words of the page', () => {
  it.each([
    [20_000, '< 1 min'],
    [45 * 1_000, '1 min'],
    [59.6 * minute, '1 h'],
    [200 * minute, '3 h 20 min'],
    [14.4 * 60 * minute, '14 h'],
    [26 * 60 * minute, '1 d 2 h'],
    [20 * 24 * 60 * minute, '20 d'],
  ])('span %d', (ms, words) => expect(spanWords(ms)).toBe(words));

  it('says where a time lies', () => {
    expect(relativeWords(noon + 90 * minute, noon)).toBe('in 1 h 30 min');
    expect(relativeWords(noon - 5 * minute, noon)).toBe('5 min ago');
    expect(relativeWords(noon + 10, noon)).toBe('now');
    expect(latenessWords(noon + 60 * minute, noon)).toBe('1 h late');
    expect(latenessWords(noon - 60 * minute, noon)).toBe('1 h early');
    expect(latenessWords(noon, noon)).toBe('on time');
    expect(momentWords(noon)).toBe('Tue 14 Jan 09:30');
  });

  it('says codes, lanes and money plainly', () => {
    expect(plainWords('delay_predicted')).toBe('Delay predicted');
    expect(laneWords('CHI-DAL')).toBe('CHI → DAL');
    expect(laneWords('A-B-C')).toBe('A-B-C');
    expect(moneyWords(4_500, 'USD')).toBe('$45.00');
    expect(moneyWords(4_500, 'JPY')).toBe('¥4,500');
  });

  it('has a band for every severity', () => {
    expect([100, 80, 79.9, 60, 40, 20, 19.9, 0].map(bandOf)).toEqual([
      'critical',
      'critical',
      'high',
      'high',
      'medium',
      'low',
      'info',
      'info',
    ]);
  });
});

describe('filter', () => {
  it('wants every word somewhere in the line', () => {
    const find = (text: string): boolean =>
      matcher({ ...noFilter, text })(row({ actions: [anActionView()] }));
    expect(find('acme weather')).toBe(true);
    expect(find('NOTIFY chi-dal')).toBe(true);
    expect(find('delay predicted')).toBe(true);
    expect(find('acme customs')).toBe(false);
  });

  it('knows tier, kind and what waits', () => {
    const waiting = row({ actions: [anActionView({ state: 'awaiting_approval' })] });
    expect(matcher({ ...noFilter, tier: 'guaranteed' })(row())).toBe(false);
    expect(matcher({ ...noFilter, tier: 'priority', kind: 'predicted' })(row())).toBe(true);
    expect(matcher({ ...noFilter, kind: 'detected' })(row())).toBe(false);
    expect([row(), waiting].map(matcher({ ...noFilter, waiting: true }))).toEqual([false, true]);
  });
});

describe('server-sent events', () => {
  it('come out the same however the text is cut', () => {
    const text =
      'retry: 2000\n\nid: 1\nevent: board\ndata: {"a":\ndata: 1}\n\n: still here\n\ndata: plain\r\n\r\n';
    const whole: StreamEvent[] = [
      { name: 'board', data: '{"a":\n1}' },
      { name: 'message', data: 'plain' },
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const events: StreamEvent[] = [];
        const parse = sseParser((event) => events.push(event));
        let rest = text;
        for (let n = 0; rest !== ''; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          parse(rest.slice(0, size));
          rest = rest.slice(size);
        }
        expect(events).toEqual(whole);
      }),
    );
  });
});

describe('page model', () => {
  const event = (name: string, data: unknown): StreamEvent => ({ name, data: JSON.stringify(data) });
  const loaded = (): PageModel => {
    const model = new PageModel();
    model.take(
      event('board', {
        rows: [row()],
        causes: [],
        recent: [],
        more: 0,
        totals: { open: 1 },
        progress: { at: noon },
      }),
    );
    model.changed.clear();
    return model;
  };

  it('adds, changes and ends lines, and says which to draw', () => {
    const model = loaded();
    model.take(event('exception', row({ exception: anException({ id: 'x2' }) })));
    expect([...model.changed]).toEqual(['x2']);
    expect([...model.arrived]).toEqual(['x2']);
    model.take(event('action', anActionView({ state: 'awaiting_approval' })));
    model.take(event('action', anActionView({ state: 'sent', version: 2 })));
    model.take(event('action', anActionView({ state: 'due', version: 1 })));
    expect(model.rows.get('x1')?.actions.map(({ state }) => state)).toEqual(['sent']);
    model.take(event('exception', row({ exception: anException({ version: 2, state: 'closed' }) })));
    expect([...model.rows.keys()]).toEqual(['x2']);
    expect(model.recent.map(({ exception }) => exception.id)).toEqual(['x1']);
  });

  it('forgets a click once the next version answers it', () => {
    const model = loaded();
    model.take(event('action', anActionView({ state: 'awaiting_approval' })));
    model.decide('a1', 'x1', { verdict: 'approve', step: 'taken', version: 1, error: '' });
    model.take(event('exception', row({ actions: [anActionView({ state: 'awaiting_approval' })] })));
    expect(model.pending.size).toBe(1);
    model.take(event('action', anActionView({ state: 'due', version: 2 })));
    expect(model.pending.size).toBe(0);
  });

  it('starts over with every new board', () => {
    const model = loaded();
    model.take(
      event('board', {
        rows: [],
        causes: [],
        recent: [],
        more: 0,
        totals: { open: 3 },
        progress: { at: noon },
      }),
    );
    expect([...model.changed]).toEqual(['x1']);
    expect(model.rows.size).toBe(0);
    expect(model.more).toBe(3);
  });
});

describe('severity bands', () => {
  it('are the taxonomy’s, for the page cannot import it', () => {
    for (let severity = 0; severity <= 100; severity += 0.5) {
      expect(bandOf(severity)).toBe(bandOfTaxonomy(severity));
    }
  });
});
