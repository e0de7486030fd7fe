import { type Action, action as actionSchema } from '../../domain/action.ts';
import type { Contact } from '../../domain/directory.ts';
import { contact } from '../../domain/directory.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Rules } from '../../domain/rules.ts';
import { quietHours } from '../../domain/sla.ts';
import { courtesy } from '../../pipelines/courtesy.ts';
import { actions, directories, dispatches, rulesInForce } from '../../pipelines/topics.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { rules as shipped } from '../rules/shipped-rules.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
/** A Monday, midnight UTC. */
export const monday = Date.parse('2026-03-02T00:00:00Z');
/** `clock('23:30')` of that Monday; `clock('07:00', 1)` of Tuesday. */
export const clock = (time: string, day = 0): number =>
  monday + day * 24 * hourMs + Date.parse(`1970-01-01T${time}:00Z`);

/** Everybody sleeps from 21 to 7 UTC; the step `call` of the playbook `sms` may leave twice a day, once a customer. */
export const courtesyRules: Rules = {
  ...shipped,
  sla: {
    ...shipped.sla,
    tiers: {
      ...shipped.sla.tiers,
      standard: {
        ...shipped.sla.tiers.standard,
        quietHours: quietHours.parse({ from: '21:00', to: '07:00' }),
      },
    },
  },
  playbooks: [
    {
      ...(shipped.playbooks[0] as Playbook),
      name: 'sms',
      steps: [
        {
          id: 'call',
          action: 'notify_customer',
          destination: 'sms',
          template: 'delay',
          authority: 'auto',
          mandatory: false,
          holdOut: 0,
          costMinor: 5,
          budget: { perDay: { count: 2 }, perCustomerPerDay: { count: 1 } },
        },
      ],
    },
  ],
};

export const messageOf = (change: Partial<Action> = {}): Action =>
  actionSchema.parse({
    id: 'A1',
    version: 1,
    at: monday,
    heardAt: monday,
    exceptionId: 'E1',
    shipmentId: 'S1',
    customerId: 'acme',
    type: 'notify_customer',
    playbook: 'delay',
    step: 'tell',
    destination: 'mail',
    template: 'delay',
    authority: 'auto',
    state: 'due',
    role: null,
    approvalDueAt: null,
    expiresAt: null,
    costMinor: 0,
    news: 'delay',
    decidedBy: 'playbook',
    decidedReason: null,
    dueAt: monday,
    sentAt: null,
    facts: { severity: 50, category: 'delay', promisedAt: null },
    ...change,
  });

/** The real pipeline, told what to hear and when; log time goes where it is sent. */
export class CourtesyStory {
  readonly said: Dispatch[] = [];
  readonly heard: Action[] = [];
  readonly #run: MemoryRun;
  readonly #versions = new Map<string, Action>();
  #now = monday;

  constructor(rules: Rules = courtesyRules, partitions = 1) {
    this.#run = new MemoryRun(courtesy(rules), {
      partitions,
      onRows: (topic, { size, body }) => {
        if (topic !== dispatches.name) return;
        for (let index = 0; index < size; index++)
          this.said.push(structuredClone(body.row(index)) as Dispatch);
      },
    });
  }

  at(now: number): this {
    this.#run.tick(now);
    this.#now = now;
    return this;
  }

  action(change: Partial<Action> = {}): this {
    const id = change.id ?? 'A1';
    const before = this.#versions.get(id);
    const version = (before?.version ?? 0) + 1;
    const row = { ...messageOf({ dueAt: this.#now }), ...before, ...change, id, version, heardAt: this.#now };
    this.#versions.set(id, row);
    this.heard.push(row);
    this.#push(actions.name, row);
    return this;
  }

  directory(customerId: string, contacts: readonly (Partial<Contact> & { readonly id: string })[]): this {
    this.#push(directories.name, {
      id: `directory-${customerId}-${this.#now}`,
      at: this.#now,
      heardAt: this.#now,
      source: { feed: 'test', document: 'd', position: 0, decoder: 'json', mapping: null },
      customerId,
      contacts: contacts.map((one) => contact.parse(one)),
    });
    return this;
  }

  rules(rules: Rules): this {
    this.#push(rulesInForce.name, { heardAt: this.#now, rules });
    return this;
  }

  /** Cuts the batch here. */
  cut(): this {
    this.#run.flush();
    return this;
  }

  /** The last version of each dispatch. */
  latest(): ReadonlyMap<string, Dispatch> {
    this.#run.flush();
    return new Map(this.said.map((row) => [row.id, row]));
  }

  of(id: string): readonly Dispatch[] {
    this.#run.flush();
    return this.said.filter((row) => row.id === id);
  }

  digests(): readonly Dispatch[] {
    this.#run.flush();
    return this.said.filter(({ covers }) => covers.length > 0);
  }

  #push(topic: string, row: unknown): void {
    this.#now += 1 / 1024;
    this.#run.push(topic, row, this.#now);
  }
}
