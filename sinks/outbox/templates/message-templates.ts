import type { Dispatch } from '../../../domain/dispatch.ts';
import type { MessageBlock, MessageLanguages, MessageTemplate } from '../../../domain/message-template.ts';
import { isZone } from '../../../domain/local-time.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { htmlPage, htmlParagraphs } from './html-paragraphs.ts';
import { languageChain, languageTag } from './language-chain.ts';
import type { Message, Reader } from './message.ts';
import { messageEngine, type CompiledText, type MessageEngine } from './message-engine.ts';
import { messageFacts, messageNames, sampleFacts } from './message-facts.ts';
import type { Reading } from './message-filters.ts';

/** Says what an action says. */
export interface MessageTemplates {
  /** Names of templates, in order; an action that names none of them gets `default`. */
  readonly names: readonly string[];
  /** Languages in which a template has a text. */
  languagesOf(name: string): readonly string[];
  /** FW710 when a fact does not fit what the template does with it. */
  render(action: Dispatch, reader: Reader): Message;
  /** Liquid with the words and parts of a language, for other texts than messages. */
  engine(language: string, kind: 'text' | 'html' | 'url'): MessageEngine;
}

export interface TemplateFile {
  /** Of the file, for errors. */
  readonly place: string;
  readonly content: MessageTemplate;
}

type CompiledBlock = Record<'subject' | 'text' | 'short', CompiledText> & {
  readonly html: CompiledText | null;
};

const SUBJECT_LENGTH = 250;
/** Facts that a template may name. */
export const templateNames: readonly string[] = [...messageNames, ...Object.keys(sampleFacts)];
export const defaultTemplate = 'default';
const digestTemplate = 'digest';

/** One line without control characters: nothing in it can begin another header. `a\r\nBcc: b` → `a Bcc: b` */
const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** No blanks at line ends, and one empty line at most. */
const tidy = (text: string): string =>
  text
    .replaceAll(/[^\S\n]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();

const zoneOf = (zone: string): string => (isZone(zone) ? zone : 'UTC');

/** The reader's own tag for numbers and dates where it is a kind of the language of the text: en-GB for en. */
const localeOf = (wanted: string, language: string): string => {
  const tag = languageTag(wanted);
  return tag !== null && (tag === language || tag.startsWith(`${language}-`)) ? tag : language;
};

/**
 * Compiles templates, so that whatever does not fit is found before anything is sent. What covers several shipments is said
 * by `<template>.digest` where there is one, and by `digest` otherwise.
 */
export const messageTemplates = (
  files: ReadonlyMap<string, TemplateFile>,
  languages: MessageLanguages,
): MessageTemplates => {
  const engines = new Map<string, MessageEngine>();
  const engine = (language: string, kind: 'text' | 'html' | 'url'): MessageEngine => {
    const key = `${kind}/${language}`;
    const known = engines.get(key) ?? messageEngine(languages, language, kind);
    engines.set(key, known);
    return known;
  };
  const compiled = (language: string, block: MessageBlock, place: string): CompiledBlock => {
    const compile = (part: 'subject' | 'text' | 'short' | 'html', text: string): CompiledText =>
      engine(language, part === 'html' ? 'html' : 'text').compile(text, {
        names: templateNames,
        place: `${place} ${language}.${part}`,
      });
    return {
      subject: compile('subject', block.subject),
      text: compile('text', block.text),
      short: compile('short', block.short),
      html: block.html === undefined ? null : compile('html', block.html),
    };
  };
  const blocks = new Map<string, ReadonlyMap<string, CompiledBlock>>();
  for (const [name, { place, content }] of files) {
    const own = new Map<string, CompiledBlock>();
    for (const [language, block] of Object.entries(content))
      own.set(language, compiled(language, block, place));
    blocks.set(name, own);
  }

  const blockFor = (action: Dispatch, wanted: string): readonly [language: string, block: CompiledBlock] => {
    const names =
      action.covers.length === 0
        ? [action.template, defaultTemplate]
        : [`${action.template}.${digestTemplate}`, digestTemplate, defaultTemplate];
    const found = names.map((name) => blocks.get(name)).find((block) => block !== undefined);
    for (const language of languageChain(wanted)) {
      const block = found?.get(language);
      if (block !== undefined) return [language, block];
    }
    throw new ForewarnError(
      'FW710',
      `action ${action.id}: no template "${action.template}" and none for all others`,
    );
  };

  return {
    names: [...files.keys()].toSorted(),
    languagesOf: (name) => [...(blocks.get(name)?.keys() ?? [])],
    engine,
    render: (action, reader) => {
      const [language, block] = blockFor(action, reader.language);
      const facts = { ...messageFacts(action), recipient: { name: oneLine(reader.name) } };
      const reading: Reading = {
        locale: localeOf(reader.language, language),
        zone: zoneOf(reader.zone),
      };
      try {
        const subject = oneLine(block.subject.render(facts, reading)).slice(0, SUBJECT_LENGTH);
        const text = tidy(block.text.render(facts, reading));
        const html = block.html === null ? htmlParagraphs(text) : tidy(block.html.render(facts, reading));
        const short = oneLine(block.short.render(facts, reading));
        return { language, subject, text, short, html: htmlPage(language, subject, html) };
      } catch (cause) {
        const said = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
        throw new ForewarnError('FW710', `action ${action.id} template "${action.template}": ${said}`, {
          cause,
        });
      }
    },
  };
};
