import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { sampleFacts } from '../../../../sinks/outbox/templates/message-facts.ts';
import { languageChain } from '../../../../sinks/outbox/templates/language-chain.ts';
import { durationText, moneyText } from '../../../../sinks/outbox/templates/message-filters.ts';
import { sampleAction } from '../sample-action.ts';
import { reader, rulesWith, shippedTemplates, templatesWith } from './templates-here.ts';
import { loadTemplates } from '../../../../sinks/outbox/templates/load-templates.ts';

const block = (parts: Record<string, string>): string =>
  `en: ${JSON.stringify({ subject: 's', text: 't', short: 'x', ...parts })}\n`;

const problem = async (files: Record<string, string>): Promise<string> => {
  const folder = await rulesWith(files);
  try {
    loadTemplates(folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no problem';
};

describe('languageChain', () => {
  it.each([
    ['pt-BR', ['pt-BR', 'pt', 'en']],
    ['pt-br', ['pt-BR', 'pt', 'en']],
    ['zh-Hant-TW', ['zh-Hant-TW', 'zh-Hant', 'zh', 'en']],
    ['en-GB', ['en-GB', 'en']],
    ['DE', ['de', 'en']],
    ['not a language', ['en']],
  ])('%s → %j', (language, chain) => {
    expect(languageChain(language)).toEqual(chain);
  });
});

describe('filters', () => {
  it.each([
    [0, '0 minutes'],
    [45, '45 minutes'],
    [60, '1 hour'],
    [390, '6 hours 30 minutes'],
    [3_000, '2 days 2 hours'],
  ])('%d minutes are %s', (minutes, text) => {
    expect(durationText(minutes, 'en')).toBe(text);
  });

  it('knows how many minor units a currency has', () => {
    expect(moneyText(1_250_000, 'USD', 'en')).toBe('$12,500.00');
    expect(moneyText(1_250, 'JPY', 'en')).toBe('¥1,250');
    expect(moneyText(1_250_000, 'EUR', 'de').replaceAll('\u00A0', ' ')).toBe('12.500,00 €');
  });
});

describe('a message', () => {
  it('tells times in the zone and the manner of its reader', () => {
    const action = sampleAction({ template: 'delay_expected', facts: sampleFacts });
    const said = (language: string, zone: string): string =>
      shippedTemplates.render(action, reader({ language, zone })).text.replaceAll('\u202F', ' ');
    expect(said('en', 'America/Chicago')).toContain('Promised: Tue, Jan 6, 2026, 5:00 PM CST');
    expect(said('en-GB', 'Europe/London')).toContain('Promised: Tue, 6 Jan 2026, 23:00 GMT');
    expect(said('de-AT', 'Europe/Berlin')).toMatch(/Zugesagt: Mi\., 7\. Jän\. 2026, 0?0:00 MEZ/);
    expect(said('en', 'Nowhere/Atall')).toContain('11:00 PM UTC');
  });

  it.each([
    ['pt-BR', 'pt'],
    ['pt', 'pt'],
    ['fr', 'en'],
  ])('falls back from %s to %s', async (language, found) => {
    const text = `${block({})}pt: { subject: ola, text: t, short: x }\n`;
    const templates = await templatesWith({ 'templates/own.yaml': text });
    expect(templates.render(sampleAction({ template: 'own' }), reader({ language })).language).toBe(found);
  });

  it('says what is generic where its template has no file', () => {
    const action = sampleAction({ template: 'no_such_thing', facts: sampleFacts });
    expect(shippedTemplates.render(action, reader()).subject).toBe('Shipment shipment-1: late');
  });

  it('lists the shipments that a digest covers, with the facts of each', () => {
    const covers = ['s-1', 's-2', 's-3'].map((shipmentId) => ({
      actionId: `a-${shipmentId}`,
      shipmentId,
      exceptionId: `e-${shipmentId}`,
      facts: { ...sampleFacts, lane: `lane of ${shipmentId}` },
    }));
    const action = sampleAction({ template: 'weather_on_the_way', facts: { category: 'weather' }, covers });
    const { subject, text, html } = shippedTemplates.render(action, reader());
    expect(subject).toBe('3 shipments: severe weather');
    for (const { shipmentId } of covers) {
      expect(text).toMatch(new RegExp(`^- ${shipmentId} \\(lane of ${shipmentId}\\), promised: Tue`, 'm'));
      expect(html).toContain(`- ${shipmentId} (lane of ${shipmentId})`);
    }
  });

  it('has a digest of its own where its template has one', async () => {
    const templates = await templatesWith({
      'templates/own.digest.yaml': block({ subject: 'own, {{ count }} times' }),
    });
    const one = { actionId: 'a', shipmentId: 's', exceptionId: 'e', facts: {} };
    const { subject } = templates.render(sampleAction({ template: 'own', covers: [one, one] }), reader());
    expect(subject).toBe('own, 2 times');
  });

  it('never lets a fact become HTML, whether the template has HTML of its own or not', async () => {
    const templates = await templatesWith({
      'templates/own.yaml': block({
        text: 'by {{ carrier }}',
        html: '<p title="{{ carrier }}">{{ carrier }}</p>',
      }),
      'templates/plain.yaml': block({ text: 'by {{ carrier }}' }),
    });
    const carrier = `<script>alert("x")</script>' & more`;
    for (const template of ['own', 'plain']) {
      const { html, text } = templates.render(sampleAction({ template, facts: { carrier } }), reader());
      expect(html).not.toContain('<script');
      expect(html).toContain(
        '&lt;script&gt;alert(&#34;x&#34;)'.replaceAll('&#34;', template === 'own' ? '&#34;' : '&quot;'),
      );
      expect(text).toBe(`by ${carrier}`);
    }
  });

  it('is one line of subject whatever its facts say', async () => {
    const templates = await templatesWith({
      'templates/own.yaml': block({ subject: 'by {{ carrier }}', short: '{{ carrier }}!' }),
    });
    const render = (carrier: string) =>
      templates.render(sampleAction({ template: 'own', facts: { carrier } }), reader({ name: carrier }));
    expect(render('SAIA\r\nBcc: everybody@example.org').subject).toBe('by SAIA Bcc: everybody@example.org');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (carrier) => {
        const { subject, short } = render(carrier);
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(short).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(subject.length).toBeLessThanOrEqual(250);
      }),
    );
  });

  it('cannot be made of a fact that does not fit, and says which action and template it was', async () => {
    const templates = await templatesWith({
      'templates/own.yaml': block({ text: '{% for one in shipments %}{{ one.nothing }}{% endfor %}' }),
    });
    expect(() => templates.render(sampleAction({ template: 'own' }), reader())).toThrow(
      /^FW710 action action-1 template "own": undefined variable: one\.nothing/,
    );
  });
});

describe('what does not load', () => {
  it.each([
    [{ text: 'by {{ carier }}' }, 'en.text: there is no fact "carier"; did you mean carrier?'],
    [{ subject: '{% if lane %}open' }, 'en.subject: tag {% if lane %} not closed'],
    [{ short: '{{ carrier | shout }}' }, 'en.short: undefined filter: shout'],
    [{ html: '<p>{{ carrier | raw }}</p>' }, 'en.html: undefined filter: raw'],
    [{ text: "{% include 'goodby' %}" }, 'en.text: ENOENT'],
    [{ text: "{% include '/etc/passwd' %}" }, 'en.text: ENOENT'],
    [
      { texts: 'x' },
      '"texts" is not a key here; the keys are subject, text, short, html; did you mean text?',
    ],
  ])('%j', async (parts, says) => {
    const said = await problem({ 'templates/own.yaml': block(parts as Record<string, string>) });
    expect(said).toContain('FW103 rules/templates/own.yaml ');
    expect(said).toContain(says);
    expect(said).not.toContain('\n');
  });

  it('a template without English, with a language that is none, and a folder without default.yaml', async () => {
    const german = 'de: { subject: s, text: t, short: x }\n';
    expect(await problem({ 'templates/own.yaml': german })).toBe(
      'FW103 rules/templates/own.yaml en: is missing; give a value of type object',
    );
    expect(await problem({ 'templates/own.yaml': `${block({})}${german.replace('de', 'DE')}` })).toBe(
      'FW103 rules/templates/own.yaml DE: "DE" is not how a language is named; write de',
    );
    expect(
      await problem({ 'templates/own.yaml': `${block({})}${german.replace('de', 'german words')}` }),
    ).toContain('name a language by BCP 47');
  });
});
