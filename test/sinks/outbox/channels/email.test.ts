import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { shipmentOfReply } from '../../../../domain/reply-name.ts';
import { contact } from '../../../../domain/directory.ts';
import type { Dispatch } from '../../../../domain/dispatch.ts';
import { wallClock } from '../../../../runtime/clock.ts';
import { email, type EmailOptions } from '../../../../sinks/outbox/channels/email/email.ts';
import { sampleFacts } from '../../../../sinks/outbox/templates/message-facts.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { sampleAction } from '../sample-action.ts';
import { shippedTemplates } from '../templates/templates-here.ts';
import { loopbackCertificate } from './loopback-certificate.ts';
import { smtpPassword, smtpServer, type SmtpCounterpart } from './smtp-counterpart.ts';

const ada = contact.parse({
  id: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@acme.example',
  zone: 'America/Chicago',
});
const otto = contact.parse({
  id: 'otto',
  name: 'Otto Öhm',
  email: 'otto@acme.example',
  language: 'de-DE',
  zone: 'Europe/Berlin',
});
const eva = contact.parse({ id: 'eva', name: 'Eva', email: 'eva@acme.example', language: 'es' });

const message = (changes: Partial<Dispatch> = {}): Dispatch =>
  sampleAction({
    template: 'delay_expected',
    facts: sampleFacts,
    thread: 'thread-1',
    recipients: [ada, otto, eva],
    ...changes,
  });

let server: SmtpCounterpart | undefined;
afterEach(() => server?.kill());

const start = async (...options: Parameters<typeof smtpServer>): Promise<SmtpCounterpart> => {
  server = await smtpServer(...options);
  return server;
};
const send = ({ channel }: SmtpCounterpart, action: Dispatch, reached?: readonly string[]) =>
  channel.send(action, {
    attempt: 1,
    signal: new AbortController().signal,
    ...(reached === undefined ? {} : { reached }),
  });
const mailTo = ({ mails }: SmtpCounterpart, address: string) => {
  const found = mails.filter(({ to }) => to.includes(address));
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe('an e-mail, as a real SMTP server takes it', () => {
  it('goes to each recipient alone, in their language and zone, as text and as HTML', async () => {
    const other = await start();
    expect(await send(other, message())).toMatchObject({ kind: 'sent' });
    const { from, to, parsed, user } = mailTo(other, 'ada@acme.example');
    expect({ from, to, user }).toEqual({
      from: 'noreply@acme.example',
      to: ['ada@acme.example'],
      user: 'forewarn',
    });
    expect(parsed.from).toMatchObject({ name: 'Forewarn', address: 'noreply@acme.example' });
    expect(parsed.to).toEqual([{ name: 'Ada Lovelace', address: 'ada@acme.example' }]);
    expect(parsed.subject).toBe('Shipment shipment-1 will probably arrive late');
    expect(parsed.text).toContain('Hello Ada Lovelace,');
    expect(parsed.text).toMatch(/Promised: Tue, Jan 6, 2026, 5:00.PM CST/);
    expect(parsed.html).toContain('<p>Hello Ada Lovelace,</p>');
    const german = mailTo(other, 'otto@acme.example').parsed;
    expect(german.to).toEqual([{ name: 'Otto Öhm', address: 'otto@acme.example' }]);
    expect(german.subject).toBe('Sendung shipment-1 kommt voraussichtlich verspätet an');
    expect(german.text).toContain('Zugesagt: Mi., 7. Jan. 2026');
    expect(mailTo(other, 'eva@acme.example').parsed.subject).toContain('llegará probablemente con retraso');
  });

  it('has the same Message-ID on every attempt, and another for each action and recipient', async () => {
    const other = await start();
    await send(other, message());
    await send(other, message());
    await send(other, message({ id: 'action-2' }));
    const ids = other.mails.map(({ parsed }) => parsed.messageId!);
    expect(ids.slice(3, 6)).toEqual(ids.slice(0, 3));
    expect(new Set(ids).size).toBe(6);
    for (const id of ids) {
      expect(id).toMatch(/^<action-[12]\.[0-9a-f]{12}\.[\w-]+@acme\.example>$/);
      // What a reply refers to tells which shipment it is about.
      expect(shipmentOfReply(id)).toBe('shipment-1');
    }
  });

  it('refers to its thread, so that the messages of one exception stand together, and no others', async () => {
    const other = await start();
    for (const [id, thread] of [
      ['a1', 'thread-1'],
      ['a2', 'thread-1'],
      ['a3', 'thread-2'],
    ] as const)
      await send(other, message({ id, thread, recipients: [ada] }));
    const roots = other.mails.map(({ parsed: { references, inReplyTo } }) => {
      expect(references).toBe(inReplyTo);
      return references;
    });
    expect(roots[0]).toMatch(/^<thread\.[0-9a-f]{32}@acme\.example>$/);
    expect(roots[1]).toBe(roots[0]);
    expect(roots[2]).not.toBe(roots[0]);
  });

  it('goes to the desk when the action names nobody, and to nobody when those it names have no address', async () => {
    const other = await start({
      to: ['desk@acme.example', 'Desk@acme.example', 'night@acme.example'],
      language: 'de',
    });
    await send(other, message({ type: 'escalate', recipients: [] }));
    expect(other.mails.flatMap(({ to }) => to)).toEqual(['desk@acme.example', 'night@acme.example']);
    expect(other.mails[0]?.parsed.subject).toContain('Sendung');
    const silent = message({ recipients: [{ ...ada, email: null }] });
    expect(await send(other, silent)).toEqual({
      kind: 'refused',
      error: 'nobody to tell has an e-mail address',
    });
  });

  it('lets nobody add headers, recipients or markup by what a fact or a name says', async () => {
    const other = await start();
    const evil = 'x\r\nBcc: victim@acme.example\r\n\r\n<script>alert(1)</script>';
    await send(
      other,
      message({
        shipmentId: evil,
        facts: { ...sampleFacts, carrier: evil },
        recipients: [
          { ...ada, name: evil },
          { ...otto, email: 'a@b.example, victim@acme.example' },
          { ...eva, email: 'a@b.example\r\nDATA' },
        ],
      }),
    );
    expect(other.mails).toHaveLength(1);
    const { to, parsed, raw } = mailTo(other, 'ada@acme.example');
    expect(to).toEqual(['ada@acme.example']);
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^bcc:/im);
    expect(parsed.html).not.toContain('<script');
    expect(parsed.html).toContain('&lt;script&gt;');
  });

  it('is a robot that no robot answers', async () => {
    const other = await start();
    await send(other, message({ recipients: [ada] }));
    const headers = new Map(other.mails[0]?.parsed.headers.map(({ key, value }) => [key, value]));
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('x-forewarn-action')).toBe('action-1');
  });
});

describe('several recipients', () => {
  it('who have it are not told again, and who refused is not asked again', async () => {
    const other = await start();
    other.refusals.set('otto@acme.example', { code: 450, says: 'mailbox busy' });
    other.refusals.set('eva@acme.example', { code: 550, says: 'no such user' });
    const first = await send(other, message());
    expect(first).toMatchObject({ kind: 'retry', error: expect.stringContaining('mailbox busy') });
    expect(first.error).toContain('(1 of 3 told)');
    expect(first.reached).toHaveLength(2);
    expect(JSON.stringify(first.reached)).not.toContain('@');
    other.refusals.clear();
    const second = await send(other, message(), first.reached);
    expect(second).toMatchObject({ kind: 'sent' });
    expect(other.mails.map(({ to }) => to[0])).toEqual(['ada@acme.example', 'otto@acme.example']);
  });

  it('of whom all refuse are a no, and of whom some do a yes', async () => {
    const other = await start();
    other.refusals.set('otto@acme.example', { code: 550, says: 'no such user' });
    expect(await send(other, message({ recipients: [ada, otto] }))).toMatchObject({
      kind: 'sent',
      error: expect.stringContaining('(1 of 2 told)'),
    });
    other.refusals.set('ada@acme.example', { code: 550, says: 'no such user' });
    expect(await send(other, message({ recipients: [ada, otto] }))).toMatchObject({ kind: 'refused' });
  });

  it('one of whom is in doubt make a doubt of all, though the others are told', async () => {
    const other = await start();
    let taken = 0;
    other.onRequest = () => {
      taken += 1;
      other.answer = taken === 1 ? 'hang_up' : 'yes';
    };
    const outcome = await send(other, message({ recipients: [ada, otto] }));
    expect(outcome.kind).toBe('unknown');
    expect(outcome.reached).toHaveLength(1);
    expect(other.mails.map(({ to }) => to[0])).toEqual(['ada@acme.example', 'otto@acme.example']);
  });
});

describe('the connection', () => {
  const secure = { key: loopbackCertificate.key, cert: loopbackCertificate.cert };

  it.each(['starttls', 'tls'] as const)('by %s is encrypted before the password goes', async (security) => {
    const caFile = join(await tempFolder(), 'ca.pem');
    await writeFile(caFile, loopbackCertificate.cert);
    const other = await start(
      { security, caFile },
      { ...secure, secure: security === 'tls', allowInsecureAuth: false },
    );
    expect(await send(other, message({ recipients: [ada] }))).toMatchObject({ kind: 'sent' });
    expect(other.mails[0]).toMatchObject({ isSecure: true, user: 'forewarn' });
  });

  it('to a server whose certificate nobody vouches for carries nothing', async () => {
    const other = await start({ security: 'starttls' }, secure);
    const outcome = await send(other, message({ recipients: [ada] }));
    expect(outcome.kind).toBe('retry');
    expect(outcome.error).toMatch(/certificate/);
    expect(other.mails).toEqual([]);
  });

  it('by starttls to a server without it carries nothing', async () => {
    const other = await start({ security: 'starttls' }, { disabledCommands: ['STARTTLS'] });
    expect((await send(other, message({ recipients: [ada] }))).kind).not.toBe('sent');
    expect(other.mails).toEqual([]);
  });

  it('with a wrong password is refused, and does not show it', async () => {
    const password = 'another-password-than-that';
    const other = await start({ password });
    const outcome = await send(other, message({ recipients: [ada] }));
    expect(outcome).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('authentication failed'),
    });
    expect(outcome.error).not.toContain(password);
    expect(other.mails).toEqual([]);
  });

  it('carries a dozen letters one after the other', async () => {
    const other = await start();
    const recipients = Array.from({ length: 12 }, (_, n) => ({
      ...ada,
      id: `c${n}`,
      email: `c${n}@acme.example`,
    }));
    expect(await send(other, message({ recipients }))).toMatchObject({ kind: 'sent' });
    expect(other.mails).toHaveLength(12);
  });
});

describe('what cannot be configured', () => {
  const base: EmailOptions = {
    name: 'mail',
    host: '127.0.0.1',
    port: 25,
    security: 'none',
    from: 'noreply@acme.example',
    to: [],
    language: 'en',
    zone: 'UTC',
    templates: shippedTemplates,
    clock: wallClock,
  };
  it.each([
    [{ from: 'Forewarn' }, 'from "Forewarn" is no address'],
    [{ from: 'a@b\r\nX: y <a@b>' }, 'is no address'],
    [{ to: ['desk'] }, 'to "desk" is no address'],
    [{ user: 'forewarn' }, 'user and password go together'],
    [{ caFile: '/no/such/file.pem' }, 'caFile "/no/such/file.pem" cannot be read'],
  ])('%j', (options, says) => {
    const make = () => email({ ...base, ...options });
    expect(make).toThrow('FW101 destination "mail": ');
    expect(make).toThrow(says);
  });

  it('a password is in no draft', async () => {
    const channel = email({ ...base, user: 'forewarn', password: smtpPassword, to: ['desk@acme.example'] });
    const [draft] = await channel.draft!(message({ recipients: [] }));
    expect(draft?.extension).toBe('eml');
    expect(draft?.content).toContain('Subject: Shipment shipment-1');
    expect(draft?.content).not.toContain(smtpPassword);
  });
});
