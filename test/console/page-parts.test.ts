import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf as bandOfTaxonomy } from '../../domain/taxonomy.ts';
import { causeName, riskWords, sizeWords, waitingFor, waitingWords } from '../../console/page/cause-words.ts';
import type { ActionView, CauseView, RowView } from '../../console/page/contract.ts';
import { matcher, noFilter, type View, viewOf } from '../../console/page/filter.ts';
import { historyWords } from '../../console/page/history-words.ts';
import { anewWords, impactWords } from '../../console/page/impact-words.ts';
import { listLines } from '../../console/page/list-lines.ts';
import { PageModel } from '../../console/page/page-model.ts';
import { laneWords, moneyWords, plainWords } from '../../console/page/plain-words.ts';
import { bandOf } from '../../console/page/severity-band.ts';
import { severityWords } from '../../console/page/severity-words.ts';
import { localField, snoozeTimes } from '../../console/page/snooze-times.ts';
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

describe('views', () => {
  const of = (view: View, me = 'Dana', roles: readonly string[] = ['planner']) =>
    matcher({ ...noFilter, view, me, roles });
  const snoozed = row({ exception: anException({ state: 'snoozed', assignee: 'Dana' }) });
  const hers = row({ exception: anException({ assignee: 'Dana' }) });

  it('hide what is snoozed but from who asks for it', () => {
    expect([snoozed, hers].map(of(''))).toEqual([false, true]);
    expect([snoozed, hers].map(of('snoozed'))).toEqual([true, false]);
    expect([snoozed, hers, row()].map(of('mine'))).toEqual([true, true, false]);
    expect([hers].map(of('mine', ''))).toEqual([false]);
    expect([snoozed, hers, row()].map(of('unassigned'))).toEqual([false, false, true]);
    expect(viewOf('my_role')).toBe('my_role');
    expect(viewOf('odd')).toBe('');
  });

  it('find what awaits one of my roles, less what I approved', () => {
    const waits = (over: Partial<ActionView>) =>
      row({ actions: [anActionView({ state: 'awaiting_approval', role: 'planner', ...over })] });
    const approvals = [{ by: 'Dana', role: 'planner', at: noon }];
    const rows = [waits({}), waits({ role: 'claims' }), waits({ role: null }), waits({ approvals })];
    expect(rows.map(of('my_role'))).toEqual([true, false, true, false]);
    expect(rows.map(of('my_role', 'Kim', ['*']))).toEqual([true, true, true, true]);
  });
});

describe('lines of the list', () => {
  const causeId = 'port:USLAX';
  const cause: CauseView = {
    id: causeId,
    kind: 'port',
    category: 'port_congestion',
    open: 3,
    unanswered: 3,
    shipments: 3,
    customers: 1,
    linesLate: 2,
    valueByCurrency: { USD: 100, EUR: 250_000 },
    worstSeverity: 70,
    firstRaisedAt: noon,
    waitingByRole: { planner: 2, any: 1, claims: 1 },
  };
  const rows = [
    row({ exception: anException({ id: 'a', severity: 80 }) }),
    row({ exception: anException({ id: 'b', severity: 70, causeId }) }),
    row({ exception: anException({ id: 'c', severity: 60 }) }),
    row({ exception: anException({ id: 'd', severity: 50, causeId }) }),
  ];
  const keys = (isOpen: boolean, known = true) =>
    listLines(rows, new Map(known ? [[causeId, cause]] : []), () => isOpen).map(({ key }) => key);

  it('put two of one cause where the graver stands, and open to both', () => {
    expect(keys(false)).toEqual(['a', `cause ${causeId}`, 'c']);
    expect(keys(true)).toEqual(['a', `cause ${causeId}`, 'b', 'd', 'c']);
    expect(keys(false, false)).toEqual(['a', 'b', 'c', 'd']);
    const alone = listLines(rows.slice(0, 2), new Map([[causeId, cause]]), () => false);
    expect(alone.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('move with what they are sorted by', () => {
    const before = listLines(rows, new Map([[causeId, cause]]), () => true);
    const graver = rows.with(1, row({ exception: anException({ id: 'b', severity: 75, causeId }) }));
    const after = listLines(graver, new Map([[causeId, cause]]), () => true);
    const moved = after.filter(({ place }, n) => place !== before[n]?.place).map(({ key }) => key);
    expect(moved).toEqual([`cause ${causeId}`, 'b', 'd']);
  });

  it('say how large a cause is, what is at risk, and for whom it waits', () => {
    expect(causeName(cause)).toBe('Port USLAX');
    expect(sizeWords(cause)).toBe('3 exceptions · 3 shipments · 1 customer');
    expect(riskWords(cause)).toBe('€2,500.00 and $1.00 at risk · 2 order lines late');
    expect(waitingWords(cause)).toBe('2 wait for planner, 1 waits for approval, 1 waits for claims');
    expect(waitingFor(cause, ['planner'])).toBe(3);
    expect(waitingFor(cause, ['*'])).toBe(4);
  });
});

describe('words of the desk', () => {
  it('make severity a sum that comes out', () => {
    fc.assert(
      fc.property(
        fc.record({
          category: fc.integer({ min: 0, max: 90 }),
          lateness: fc.integer({ min: 0, max: 2_000 }).map((n) => n / 100),
          tier: fc.constantFrom(0, 6, 12),
          value: fc.integer({ min: 0, max: 800 }).map((n) => n / 100),
          contents: fc.constantFrom(0, 4, 6),
          certainty: fc.integer({ min: 600, max: 1_000 }).map((n) => n / 1_000),
        }),
        (terms) => {
          const { category, lateness, tier, value, contents, certainty } = terms;
          const exact = Math.min(100, (category + lateness + tier + value + contents) * certainty);
          const severity = Number(exact.toFixed(1));
          const words = severityWords(anException({ severity, severityTerms: terms }));
          const [, left = '', sum = ''] = /^(\S+) = (.+?)(?:, 100 at most)?$/.exec(words) ?? [];
          const numbers = [...sum.replace(/ × .*/, '').matchAll(/[\d.]+/g)].map(Number);
          const times = Number(/× ([\d.]+)/.exec(sum)?.[1] ?? 1);
          const said = Math.min(100, numbers.reduce((a, b) => a + b, 0) * times);
          expect(Math.abs(said - Number(left))).toBeLessThan(0.06);
        },
      ),
    );
  });

  it('offer times to snooze until, the last at eight tomorrow', () => {
    const [hour, four, tomorrow] = snoozeTimes(noon).map(({ until }) => until);
    expect([hour, four]).toEqual([noon + 60 * minute, noon + 240 * minute]);
    const at = new Date(tomorrow ?? 0);
    expect([at.getHours(), at.getMinutes()]).toEqual([8, 0]);
    expect(new Date(localField(noon)).getTime()).toBe(noon);
  });

  it('say what hangs on it, and why it was judged anew', () => {
    const { impact: none } = anException();
    const three = { ...none, lines: 3 };
    const words = (over: Parameters<typeof anException>[0]): string => impactWords(anException(over), noon);
    expect(words({})).toBe('');
    expect(words({ impact: three })).toBe('3 order lines on board, none late yet');
    expect(words({ impact: three, expectedAt: null })).toBe('3 order lines on board, arrival not known');
    const hit = { ...three, linesLate: 3, customers: ['a', 'b'], valueLateMinor: 120_000, currency: 'USD' };
    expect(words({ impact: { ...hit, linesLate: 2 } })).toBe(
      '2 of 3 order lines late · 2 customers · $1,200.00',
    );
    expect(words({ impact: hit, kind: 'detected', effect: 'lost' })).toBe(
      'up to 3 order lines lost · 2 customers · $1,200.00',
    );
    expect(anewWords(anException({ version: 2, changedBy: 'rules' }))).toBe(
      'Judged anew because the rules changed',
    );
    expect(anewWords(anException({ version: 1, changedBy: 'contract' }))).toBe('');
    expect(anewWords(anException({ version: 2, changedBy: 'signal' }))).toBe('');
  });

  it('tell a history line by line', () => {
    const entry = { at: noon, id: 'x', version: null };
    const row = { by: 'Dana', verdict: 'refuse', reason: 'too_costly', note: 'no budget' };
    expect(historyWords({ ...entry, kind: 'decision', row })).toBe('Dana, refuse (too costly): no budget');
    const given = { by: 'Dana', verdict: 'assign', assignee: 'Kim' };
    expect(historyWords({ ...entry, kind: 'decision', row: given })).toBe('Dana, assign to Kim');
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
