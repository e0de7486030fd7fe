import { describe, expect, it } from 'vitest';
import { causes, modes, tiers } from '../../../../domain/codes.ts';
import { categoryOf } from '../../../../domain/taxonomy.ts';
import { planOf, signalOf, storyOf } from '../../../domain/case-story.ts';
import { rules } from '../../../rules/shipped-rules.ts';
import { sampleAction } from '../sample-action.ts';
import { sampleFacts } from '../../../../sinks/outbox/templates/message-facts.ts';
import { reader, shippedTemplates } from './templates-here.ts';

const noFacts = Object.fromEntries(Object.keys(sampleFacts).map((name) => [name, null]));
const inEach = shippedTemplates.names.flatMap((name) =>
  shippedTemplates.languagesOf(name).map((language) => [name, language] as const),
);

const toCustomers = rules.playbooks.flatMap(({ steps, allClear }) => [
  ...steps
    .filter(({ action }) => action === 'notify_customer' || action === 'notify_consignee')
    .flatMap(({ template, compensate }) => [
      template,
      ...(compensate === undefined ? [] : [compensate.template]),
    ]),
  ...(allClear === undefined ? [] : [allClear.template]),
]);
const toAnybody = rules.playbooks.flatMap(({ steps }) => steps.map(({ template }) => template));

describe('the templates that ship', () => {
  it.each(inEach)('%s in %s says something with every fact known, and with none', (template, language) => {
    for (const facts of [sampleFacts, noFacts]) {
      const message = shippedTemplates.render(sampleAction({ template, facts }), reader({ language }));
      expect(message.language).toBe(language);
      for (const said of [message.subject, message.text, message.short, message.html]) {
        expect(said.length).toBeGreaterThan(5);
        expect(said).not.toMatch(/\{\{|\{%|undefined|null|NaN|\[object/);
      }
      expect(message.subject).not.toContain('\n');
      expect(message.short).not.toContain('\n');
      expect(message.text).toContain('shipment-1');
      expect(message.text).not.toMatch(/ $|\n\n\n/m);
    }
  });

  it('may name every fact that an action has, and no fact that none has', () => {
    const story = storyOf();
    story.tell({ kind: 'plan', plan: planOf() });
    story.tell({ kind: 'signal', signal: signalOf() });
    const [planned] = Object.values(story.state.actions);
    expect(Object.keys(planned?.facts ?? {}).toSorted()).toEqual(
      Object.keys(sampleFacts)
        .filter((name) => name !== 'lateMin')
        .toSorted(),
    );
  });

  it.each([...new Set(toAnybody)])('there is one for %s', (template) => {
    expect(shippedTemplates.names).toContain(template);
  });

  it.each([...new Set(toCustomers)])('customers are told %s in English, German and Spanish', (template) => {
    expect(shippedTemplates.languagesOf(template)).toEqual(['en', 'de', 'es']);
  });

  it.each(['en', 'de', 'es'])('every category, cause, mode and tier is said in words of %s', (language) => {
    const categories = Object.keys(rules.taxonomy.categories).filter(
      (category) => categoryOf(rules.taxonomy, category)?.family !== 'none',
    );
    const silent = new Set(['none', 'unmapped']);
    const codes = [...categories, ...causes, ...modes, ...tiers].filter((code) => !silent.has(code));
    const said = shippedTemplates
      .engine(language, 'text')
      .compile('{% for code in shipments %}{{ code | words }}\n{% endfor %}', {
        names: ['shipments'],
        place: 'here',
      })
      .render({ shipments: codes }, { locale: language, zone: 'UTC' })
      .trim()
      .split('\n');
    expect(said).toHaveLength(codes.length);
    expect(
      codes.filter((code, index) => code.includes('_') && said[index] === code.replaceAll('_', ' ')),
    ).toEqual([]);
  });
});
