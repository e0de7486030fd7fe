import { decide, decideAll, KeyWanted, readJson, readStream, setApiKey } from './api.ts';
import type { BulkAnswer, CallerView, DecisionBody, Reasons, RowView } from './contract.ts';
import type { DeskContext } from './desk-context.ts';
import { byId, setText } from './element.ts';
import { matcher, viewOf } from './filter.ts';
import { progressElement, totalsElement } from './header-element.ts';
import { gravestFirst, listLines } from './list-lines.ts';
import { PageModel, type PendingDecision } from './page-model.ts';
import { plainWords } from './plain-words.ts';
import { recentElement } from './recent-element.ts';
import { RowList } from './row-list.ts';

/** Lines stay where they are for this long after the pointer or a key was used on them: no click goes astray. */
const stillForMs = 2_500;
const announceEveryMs = 5_000;
/** Beyond a thousand nobody reads, and the gravest come first. */
const shownLimit = 1_000;

const model = new PageModel();
const listNode = byId('list', HTMLUListElement);
const text = byId('text', HTMLInputElement);
const tier = byId('tier', HTMLSelectElement);
const kind = byId('kind', HTMLSelectElement);
const view = byId('view', HTMLSelectElement);
const waiting = byId('waiting', HTMLInputElement);
const byLabel = byId('by-label', HTMLLabelElement);
const as = byId('as', HTMLParagraphElement);
const by = byId('by', HTMLInputElement);
const notice = byId('notice', HTMLParagraphElement);
const connection = byId('connection', HTMLParagraphElement);
const shown = byId('shown', HTMLParagraphElement);
const empty = byId('empty', HTMLParagraphElement);
const ended = byId('ended', HTMLDetailsElement);
const announcement = byId('announce', HTMLParagraphElement);
const keyDialog = byId('key-dialog', HTMLDialogElement);
const drawTotals = totalsElement(byId('totals', HTMLDListElement));
const drawProgress = progressElement(byId('progress', HTMLDListElement));

let caller: CallerView = { name: '', roles: ['*'], onBehalf: true };
let reasons: Reasons = { refuse: [] };
const opened = new Set<string>();

const desk: DeskContext = {
  me: () => (caller.onBehalf ? by.value.trim() : caller.name),
  caller: () => caller,
  reasons: () => reasons.refuse,
};

/** Who decides, for the body of a request; undefined, and asked for, while nobody has said. */
const decider = (): { readonly by?: string } | undefined => {
  if (!caller.onBehalf) return {};
  if (desk.me() !== '') return { by: desk.me() };
  say('Say who decides: enter your name above, then decide again.');
  by.focus();
  return undefined;
};

const errorWords = (error: unknown): string =>
  error instanceof Error ? error.message : 'It did not work. Try again.';

const send = async (
  id: string,
  exceptionId: string,
  path: string,
  decision: PendingDecision,
  body: DecisionBody,
) => {
  const who = decider();
  if (who === undefined) return;
  say('');
  const settle = (step: PendingDecision['step'], error = ''): void => {
    // The stream may have been faster than the answer.
    if (step !== 'sending' && model.pending.get(id) === undefined) return;
    model.decide(id, exceptionId, { ...decision, step, error });
    draw();
  };
  settle('sending');
  try {
    await decide(path, { ...who, ...body });
    if (decision.verdict === 'comment') {
      model.answered(id, exceptionId);
      draw();
    } else settle('taken');
  } catch (error) {
    settle('failed', errorWords(error));
    if (error instanceof KeyWanted) keyDialog.showModal();
  }
};

const verbs = { approve: 'approved', refuse: 'refused', acknowledge: 'taken on' } as const;

/** `12 approved`, `8 approved, 4 not: none of … is for a role of yours`. */
const bulkWords = (verdict: keyof typeof verbs, { taken, refused, error }: BulkAnswer): string => {
  if (taken === 0) return error ?? 'Nothing was left to decide.';
  const first = refused[0]?.error ?? '';
  return `${taken} ${verbs[verdict]}${refused.length === 0 ? '' : `, ${refused.length} not: ${first}`}`;
};

const sendAll = async (causeId: string, verdict: keyof typeof verbs, body: DecisionBody): Promise<void> => {
  const who = decider();
  if (who === undefined) return;
  say('');
  const key = `cause ${causeId}`;
  const settle = (step: PendingDecision['step'], error = ''): void => {
    model.decide(key, key, { verdict, version: 0, step, error });
    tickedAt = 0;
    draw();
  };
  settle('sending');
  try {
    const path = `/v1/causes/${encodeURIComponent(causeId)}/${verdict}`;
    settle('taken', bulkWords(verdict, await decideAll(path, { ...who, ...body })));
  } catch (error) {
    settle('failed', errorWords(error));
    if (error instanceof KeyWanted) keyDialog.showModal();
  }
};

const list = new RowList(
  listNode,
  {
    decide: ({ id, exceptionId, version }, verdict, reason, note) => {
      const path = `/v1/actions/${encodeURIComponent(id)}/${verdict}`;
      void send(id, exceptionId, path, { verdict, version, step: 'sending', error: '' }, { reason, note });
    },
    decideException: ({ id, version }, verdict, body) => {
      const path = `/v1/exceptions/${encodeURIComponent(id)}/${verdict}`;
      void send(id, id, path, { verdict, version, step: 'sending', error: '' }, body);
    },
    decideAll: ({ id }, verdict, reason, note) => void sendAll(id, verdict, { reason, note }),
    unfold: (causeId) => {
      if (!opened.delete(causeId)) opened.add(causeId);
      filterChanged();
    },
    lookUp: {
      evidence: (id) => readJson(`/v1/exceptions/${encodeURIComponent(id)}/evidence`),
      history: (id) => readJson(`/v1/exceptions/${encodeURIComponent(id)}/history`),
    },
  },
  desk,
);

let asked = false;
let rearrange = true;
let touchedAt = -Infinity;
let tickedAt = 0;
let stillTimer = 0;
let drawnRecent: readonly RowView[] | undefined;

const draw = (): void => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    drawNow();
  });
};

const drawNow = (): void => {
  const now = model.progress?.at ?? Date.now();
  const { totals } = model;
  if (totals === undefined) return;
  drawTotals(totals);
  document.title = totals.waiting === 0 ? 'Forewarn' : `(${totals.waiting}) Forewarn`;
  if (model.progress !== undefined) drawProgress(model.progress);
  if (model.changed.size > 0) rearrange = true;
  list.redraw(model, model.changed, now);
  model.changed.clear();
  if (now !== tickedAt) list.tick(model, now);
  tickedAt = now;
  if (rearrange) arrange(now);
  if (ended.open && drawnRecent !== model.recent) {
    drawnRecent = model.recent;
    byId('recent', HTMLUListElement).replaceChildren(...model.recent.map(recentElement));
  }
};

const arrange = (now: number): void => {
  const still = touchedAt + stillForMs - performance.now();
  if (still > 0 && listNode.childElementCount > 0) {
    clearTimeout(stillTimer);
    stillTimer = setTimeout(draw, still);
    return;
  }
  const matches = matcher({
    text: text.value,
    tier: tier.value,
    kind: kind.value,
    waiting: waiting.checked,
    view: viewOf(view.value),
    me: desk.me(),
    roles: caller.roles,
  });
  const found = [...model.rows.values()].filter(matches).toSorted(gravestFirst);
  // Who looks for something wants to see it, not the cause that hides it.
  const isOpen = (causeId: string): boolean => opened.has(causeId) || text.value.trim() !== '';
  const shownRows = found.slice(0, shownLimit);
  const wanted = listLines(shownRows, model.causes, isOpen);
  rearrange = list.arrange(wanted, model, now);
  if (rearrange) draw();
  const open = model.totals?.open ?? model.rows.size;
  const more = found.length - shownRows.length + model.more;
  setText(
    shown,
    found.length === open ? '' : `Showing ${shownRows.length} of ${open}${more > 0 ? ', the gravest' : ''}`,
  );
  empty.hidden = found.length > 0;
  setText(
    empty,
    model.rows.size === 0
      ? 'Nothing is wrong. New exceptions appear here by themselves.'
      : 'None of the open exceptions fits this filter.',
  );
};

const say = (words: string): void => {
  setText(notice, words);
  notice.hidden = words === '';
};

/** Speaks of new lines at most every five seconds, the gravest by name. */
const announced = new Set<string>();
setInterval(() => {
  const fresh = [...announced].flatMap((id) => model.rows.get(id) ?? []).toSorted(gravestFirst);
  announced.clear();
  const [first] = fresh;
  if (first === undefined) return;
  const { category, shipmentId } = first.exception;
  const others = fresh.length === 1 ? '' : ` and ${fresh.length - 1} more`;
  setText(announcement, `New: ${plainWords(category)}, shipment ${shipmentId}${others}.`);
}, announceEveryMs);

/** Asks as whom the key decides, and for what reasons one may refuse. */
const meet = async (): Promise<void> => {
  [caller, reasons] = await Promise.all([
    readJson<CallerView>('/v1/caller'),
    readJson<Reasons>('/v1/reasons'),
  ]);
  byLabel.hidden = !caller.onBehalf;
  as.hidden = caller.onBehalf;
  setText(as, caller.onBehalf ? '' : `You decide as ${caller.name} (${caller.roles.join(', ')})`);
  tickedAt = 0;
  rearrange = true;
};

const follow = async (): Promise<void> => {
  let waitMs = 500;
  for (;;) {
    try {
      await meet();
      await readStream((event) => {
        model.take(event);
        for (const id of model.arrived) announced.add(id);
        connect('live');
        waitMs = 500;
        draw();
      });
      connect('reconnecting');
    } catch (error) {
      connect(error instanceof KeyWanted ? 'needs a key' : 'reconnecting');
      if (error instanceof KeyWanted) await keyGiven();
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(2 * waitMs, 10_000);
  }
};

const connect = (state: 'live' | 'reconnecting' | 'needs a key'): void => {
  setText(connection, state);
  if (connection.dataset['state'] !== state) connection.dataset['state'] = state;
};

const keyGiven = (): Promise<void> =>
  new Promise((resolve) => {
    if (!keyDialog.open) keyDialog.showModal();
    keyDialog.addEventListener('close', () => resolve(), { once: true });
  });

byId('key-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const key = byId('key', HTMLInputElement);
  setApiKey(key.value);
  key.value = '';
  keyDialog.close();
});

const filterChanged = (): void => {
  rearrange = true;
  touchedAt = -Infinity;
  draw();
};
const form = byId('filter', HTMLFormElement);
form.addEventListener('submit', (event) => event.preventDefault());
for (const control of [text, tier, kind, view, waiting]) control.addEventListener('input', filterChanged);

by.value = localStorage.getItem('forewarn-by') ?? '';
by.addEventListener('input', () => {
  localStorage.setItem('forewarn-by', by.value);
  tickedAt = 0;
  filterChanged();
});
ended.addEventListener('toggle', draw);
const touched = (): void => {
  touchedAt = performance.now();
};
for (const event of ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const) {
  listNode.addEventListener(event, touched, { passive: true });
}

void follow();
