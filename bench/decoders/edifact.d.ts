/** The part of the npm package `edifact` that is measured; it comes without types. */
declare module 'edifact' {
  export class Parser {
    onopensegment: (tag: string) => void;
    onelement: () => void;
    oncomponent: (value: string) => void;
    encoding(level: string): void;
    write(chunk: string): void;
    end(): void;
  }
  const library: { readonly Parser: typeof Parser };
  export default library;
}
