import { Liquid, type Template } from 'liquidjs';
import type { MessageLanguages } from '../../../domain/message-template.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { nearestWord } from '../../../runtime/rules/nearest-word.ts';
import { languageChain } from './language-chain.ts';
import { addFilters, type Reading } from './message-filters.ts';

/** A template that has been read and checked. */
export interface CompiledText {
  /** Throws when a fact does not fit what the template does with it. */
  render(facts: object, reading: Reading): string;
}

export interface CompileOptions {
  /** Names of facts that it may use. */
  readonly names: readonly string[];
  /** File and path, for errors. */
  readonly place: string;
}

/** Liquid in one language. As `html` every fact comes out escaped, and there is no filter that would undo it. */
export interface MessageEngine {
  /** FW103 in one line for what is no Liquid, and for a fact, filter or part that does not exist. */
  compile(text: string, options: CompileOptions): CompiledText;
  /** What a text that is a single output is, with its type: `{{ severity }}` → 68. */
  compileValue(text: string, options: CompileOptions): { render(facts: object, reading: Reading): unknown };
}

const RENDER_MS = 1_000;
const RENDER_BYTES = 10_000_000;

/** Words and parts of a language, and for what it lacks those of the languages that it falls back to. */
const shared = (
  languages: MessageLanguages,
  language: string,
  kind: 'words' | 'parts',
): Record<string, string> =>
  Object.assign(
    {},
    ...languageChain(language)
      .toReversed()
      .map((tag) => languages[tag]?.[kind] ?? {}),
  ) as Record<string, string>;

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

export const messageEngine = (
  languages: MessageLanguages,
  language: string,
  kind: 'text' | 'html' | 'url',
): MessageEngine => {
  const parts = shared(languages, language, 'parts');
  const liquidOf = (keepOutputType: boolean): Liquid => {
    const liquid = new Liquid({
      templates: parts,
      strictFilters: true,
      strictVariables: true,
      lenientIf: true,
      ownPropertyOnly: true,
      keepOutputType,
      renderLimit: RENDER_MS,
      memoryLimit: RENDER_BYTES,
      ...(kind === 'text'
        ? {}
        : { outputEscape: kind === 'html' ? 'escape' : (value) => encodeURIComponent(String(value ?? '')) }),
    });
    addFilters(liquid, new Map(Object.entries(shared(languages, language, 'words'))));
    return liquid;
  };
  const texts = liquidOf(false);
  const values = kind === 'text' ? liquidOf(true) : texts;

  const parse = (liquid: Liquid, text: string, { names, place }: CompileOptions): Template[] => {
    let parsed: Template[];
    let named: string[];
    try {
      parsed = liquid.parse(text);
      named = liquid.globalVariablesSync(parsed);
    } catch (cause) {
      throw new ForewarnError('FW103', `${place}: ${firstLine(cause)}; mend the template`, { cause });
    }
    const unknown = named.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      const nearest = nearestWord(unknown, names);
      const mend = nearest === null ? `the facts are ${names.join(', ')}` : `did you mean ${nearest}?`;
      throw new ForewarnError('FW103', `${place}: there is no fact "${unknown}"; ${mend}`);
    }
    return parsed;
  };
  const renderer =
    (liquid: Liquid, parsed: Template[]) =>
    (facts: object, reading: Reading): unknown =>
      liquid.renderSync(parsed, facts, { globals: reading });

  return {
    compile: (text, options) => {
      const render = renderer(texts, parse(texts, text, options));
      return { render: (facts, reading) => String(render(facts, reading)) };
    },
    compileValue: (text, options) => ({ render: renderer(values, parse(values, text, options)) }),
  };
};
