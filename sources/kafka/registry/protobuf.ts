import type protobuf from 'protobufjs';
import { loadFormat, type PayloadDecoder } from './load-format.ts';
import type { RegisteredSchema } from './schema-registry.ts';
import { indexed } from './wire-format.ts';

/**
 * Protobuf as JSON: names in camel case, 64-bit numbers as text, enums by name, bytes as base64, fields that are not set
 * left out. Timestamps and durations are the seconds and nanos that they consist of.
 */
export const protobufDecoders = async (): Promise<(schema: RegisteredSchema) => PayloadDecoder> => {
  const { default: library } = await loadFormat('protobuf', () => import('protobufjs'));
  return ({ text, references }) => {
    const root = new library.Root();
    for (const name of importsOf(library, [text, ...references.map((one) => one.text)])) {
      const common = library.common.get(name);
      if (common?.nested !== undefined) root.addJSON(common.nested);
    }
    for (const reference of references) library.parse(reference.text, root);
    library.parse(text, root);
    root.resolveAll();
    // By itself, for the order of its own messages: others may be in the same package.
    const own = library.parse(text, new library.Root());
    const top = own.package === undefined ? own.root : own.root.lookup(own.package);
    const messages = messagesOf(library, top as protobuf.NamespaceBase);
    return (payload) => {
      const found = indexed(payload);
      if (found === null) throw new Error('the message indexes before the message are broken');
      const name = nameAt(library, messages, found.path);
      if (name === null) throw new Error(`the schema has no message [${found.path.join(', ')}]`);
      const type = root.lookupType(name);
      const value = type.toObject(type.decode(found.message), {
        longs: String,
        enums: String,
        bytes: String,
      });
      return Buffer.from(JSON.stringify(value));
    };
  };
};

const importsOf = (library: typeof protobuf, texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => library.parse(text, new library.Root()).imports ?? []));

const messagesOf = (
  library: typeof protobuf,
  { nestedArray }: protobuf.NamespaceBase,
): readonly protobuf.Type[] =>
  nestedArray.filter((nested): nested is protobuf.Type => nested instanceof library.Type);

const nameAt = (
  library: typeof protobuf,
  messages: readonly protobuf.Type[],
  [first, ...rest]: readonly number[],
): string | null => {
  const type = messages[first ?? 0];
  if (type === undefined) return null;
  return rest.length === 0 ? type.fullName : nameAt(library, messagesOf(library, type), rest);
};
