import type { FormatName } from '../../runtime/format-names.ts';
import { bareJson, type ParsedJson, parseJson } from './bare-json.ts';
import type { Decode } from './decoder.ts';

/** A document as far as a format must see it to know its own; what costs something is made once for all that ask. */
export class Sight {
  readonly bytes: Uint8Array;
  /** The first 4,096 bytes without byte order mark and leading space, a character a byte. */
  readonly head: string;
  #parsed: ParsedJson | undefined;

  /** `parsed`: the bytes as JSON, where that is known already. */
  constructor(bytes: Uint8Array, parsed?: ParsedJson) {
    this.#parsed = parsed;
    this.bytes = bareJson(bytes);
    this.head = Buffer.from(this.bytes.subarray(0, 4_096)).toString('latin1').trimStart();
  }

  /** The whole as JSON; undefined where it is none, or more than one value. A bare number is nothing to look at. */
  get json(): unknown {
    if (!this.head.startsWith('{') && !this.head.startsWith('[')) return undefined;
    this.#parsed ??= parseJson(this.bytes);
    return 'broken' in this.#parsed ? undefined : this.#parsed.value;
  }

  /** What was made of it as JSON, for whoever decodes it; undefined where nobody has asked. */
  get parsed(): ParsedJson | undefined {
    return this.#parsed;
  }

  /** The outermost JSON object, or the first element of an outermost array; null where neither is an object. */
  get object(): Readonly<Record<string, unknown>> | null {
    const value = Array.isArray(this.json) ? (this.json as readonly unknown[])[0] : this.json;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  }

  /** Local name of the root element of XML, such as `alert`; null where the head shows none. */
  get root(): string | null {
    if (!this.head.startsWith('<')) return null;
    const found = /<(?![?!])(?:[\w.-]+:)?([\w.-]+)/.exec(this.head);
    return found?.[1] ?? null;
  }
}

/** One way in which documents are written, and how they are read. */
export interface Format {
  /** As `partners.<source>.format` names it. */
  readonly name: FormatName;
  /** Media types that mean this format and no other. */
  readonly mediaTypes: readonly string[];
  /** Extensions of files that mean this format and no other, in lower case without the dot. */
  readonly extensions: readonly string[];
  /** Whether a document whose label says nothing is of this format; of several that say so, the first in the list has it. */
  readonly recognises: (sight: Sight) => boolean;
  readonly decode: Decode;
}
