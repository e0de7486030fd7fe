import { expect, it } from 'vitest';
import { reviewPage } from '../../../console/review/review-page.ts';
import type { Figures, Review, Volume } from '../../../domain/review/review.ts';

const volume: Volume = {
  key: 'all',
  raised: 40,
  predicted: 20,
  withdrawn: 1,
  precision: { hits: 9, of: 12 },
  recall: { hits: 1, of: 3 },
  medianLeadMin: 90,
  beforePromise: { hits: 30, of: 40 },
};
const figures: Figures = {
  total: volume,
  endings: { ended: 50, breached: 10, toldBeforeBreach: { hits: 5, of: 10 }, asked: { hits: 5, of: 50 } },
  actions: [{ type: 'notify_customer', states: { sent: 3, held_out: 1 } }],
  money: [{ currency: 'USD', actionsMinor: 18_000, penaltiesMinor: 57_000, breachedValueMinor: 100 }],
};
const review: Review = {
  format: 1,
  id: '2026-01-05_2026-01-12',
  from: Date.UTC(2026, 0, 5),
  to: Date.UTC(2026, 0, 12),
  figures,
  before: {
    from: Date.UTC(2025, 11, 29),
    to: Date.UTC(2026, 0, 5),
    figures: { ...figures, total: { ...volume, precision: { hits: 6, of: 12 } } },
  },
  categories: [{ ...volume, key: '<script>alert(1)</script>' }],
  tiers: [],
  carriers: [],
  approvals: {
    asked: 0,
    approved: 0,
    refused: 0,
    lapsed: 0,
    medianMin: null,
    slowestMin: null,
    refusedBecause: [],
  },
  withheld: [],
  effects: [],
  unmapped: [{ feed: `a"b'c`, standard: null, status: '<ZZ>', reason: '&', count: 2 }],
  stale: [],
  thresholds: [],
  learnedFrom: { from: Date.UTC(2025, 11, 15), to: Date.UTC(2026, 0, 12) },
  proposals: [],
  newCategories: [],
};

it('escapes what came from outside', () => {
  const page = reviewPage(review);
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain('a&quot;b&#39;c');
  expect(page).toContain('<code>&lt;ZZ&gt;</code>');
  expect(page).toContain('<code>&amp;</code>');
});

it('needs nothing from anywhere else, and nothing inline that its policy forbids', () => {
  const page = reviewPage(review);
  expect(page).not.toMatch(/\b(src|href)=|@import|url\(|<link|style="|\bon\w+=/);
});

it('gives shares only where there are cases enough, and says what has become better', () => {
  const page = reviewPage(review);
  expect(page).toContain('<dd>75 %</dd>');
  expect(page).toMatch(/before: 50 % <span\s+class="better"\s*>better<\/span/);
  expect(page).toContain('<dd>1 of 3</dd>');
  expect(page).toContain('$570.00');
  expect(page).toContain('Nobody was asked.');
});

it('folds away what nobody can tell yet, one line for what lacks the same', () => {
  const unknown = {
    category: 'delay',
    actionType: 'expedite',
    playbook: null,
    step: null,
    estimand: 'none',
    effect: null,
    low: null,
    high: null,
    method: 'none',
    evidence: 'none',
    treated: 40,
    withheld: 0,
    clusters: 40,
    says: 'nothing was withheld',
  } as const;
  const known = {
    ...unknown,
    outcome: 'contact_rate',
    effect: -0.05,
    low: -0.08,
    high: -0.02,
    method: 'doubly_robust',
    evidence: 'randomised',
    says: 'the held out compared',
  } as const;
  const page = reviewPage({
    ...review,
    effects: [{ ...unknown, outcome: 'breach_rate' }, { ...unknown, outcome: 'minutes_late' }, known],
  });
  expect(page).toContain('1 comparison that nobody can make yet, and why');
  expect(page.split('nothing was withheld')).toHaveLength(2);
  expect(page).toMatch(/−5\.0 pts<br \/>/);
  expect(page).toContain('by chance');
});
