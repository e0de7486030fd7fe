import { decide, KeyWanted, readStream, setApiKey } from './api.ts';
import type { RowView } from './contract.ts';
import { byId, setText } from './element.ts';
import { matcher } from './filter.ts';
import { progressElement, totalsElement } from './header-element.ts';
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
const waiting = byId('waiting', HTMLInputElement);
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

const send = async (
  id: string,
  exceptionId: string,
  path: string,
  decision: PendingDecision,
  reason: string,
) => {
  const name = by.value.trim();
  if (name === '') {
    say('Say who decides: enter your name above, then decide again.');
    by.focus();
    return;
  }
  say('');
  const settle = (step: PendingDecision['step'], error = ''): void => {
    // The stream may have been faster than the answer.
    if (step !== 'sending' && model.pending.get(id) === undefined) return;
    model.decide(id, exceptionId, { ...decision, step, error });
    draw();
  };
  settle('sending');
  try {
    await decide(path, { by: name, reason });
    settle('taken');
  } catch (error) {
    settle('failed', error instanceof Error ? error.message : 'It did not work. Try again.');
    if (error instanceof KeyWanted) keyDialog.showModal();
  }
};

const list = new RowList(listNode, {
  decide: ({ id, exceptionId, version }, verdict, reason) => {
    const path = `/v1/actions/${encodeURIComponent(id)}/${verdict}`;
    void send(id, exceptionId, path, { verdict, version, step: 'sending', error: '' }, reason);
  },
  acknowledge: ({ id, version }) => {
    const path = `/v1/exceptions/${encodeURIComponent(id)}/acknowledge`;
    void send(id, id, path, { verdict: 'acknowledge', version, step: 'sending', error: '' }, 'none');
  },
});

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
  const matches = matcher({ text: text.value, tier: tier.value, kind: kind.value, waiting: waiting.checked });
  const found = [...model.rows.values()].filter(matches).toSorted(gravestFirst);
  const wanted = found.slice(0, shownLimit);
  rearrange = list.arrange(wanted, model, now);
  if (rearrange) draw();
  const open = model.totals?.open ?? model.rows.size;
  const more = found.length - wanted.length + model.more;
  setText(
    shown,
    found.length === open ? '' : `Showing ${wanted.length} of ${open}${more > 0 ? ', the gravest' : ''}`,
  );
  empty.hidden = found.length > 0;
  setText(
    empty,
    model.rows.size === 0
      ? 'Nothing is wrong. New exceptions appear here by themselves.'
      : 'None of the open exceptions fits this filter.',
  );
};

const gravestFirst = ({ exception: a }: RowView, { exception: b }: RowView): number =>
  b.severity - a.severity || a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1);

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

const follow = async (): Promise<void> => {
  let waitMs = 500;
  for (;;) {
    try {
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
for (const control of [text, tier, kind, waiting]) control.addEventListener('input', filterChanged);

by.value = localStorage.getItem('forewarn-by') ?? '';
by.addEventListener('input', () => localStorage.setItem('forewarn-by', by.value));
ended.addEventListener('toggle', draw);
const touched = (): void => {
  touchedAt = performance.now();
};
for (const event of ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const) {
  listNode.addEventListener(event, touched, { passive: true });
}

void follow();
