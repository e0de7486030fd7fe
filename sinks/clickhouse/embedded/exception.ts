/** An error as ClickHouse writes it: `Code: 60. DB::Exception: Unknown table …. (UNKNOWN_TABLE)`. */
export interface Exception {
  readonly code: number;
  readonly text: string;
}

/** UNKNOWN_EXCEPTION, for what did not come from ClickHouse itself. */
const UNKNOWN = 1002;

export const exceptionOf = (error: unknown): Exception => {
  const said = error instanceof Error ? error.message.trim() : String(error);
  const at = said.search(/Code: \d+\. DB::Exception: /);
  if (at >= 0) {
    const text = said.slice(at);
    return { code: Number(/\d+/.exec(text)?.[0] ?? UNKNOWN), text };
  }
  if (error instanceof SyntaxError)
    return { code: 62, text: `Code: 62. DB::Exception: ${said}. (SYNTAX_ERROR)` };
  return { code: UNKNOWN, text: `Code: ${UNKNOWN}. DB::Exception: ${said}. (UNKNOWN_EXCEPTION)` };
};

/** As ClickHouse's `exceptionCodeToHTTPStatus` has it, for the codes that matter here. */
const statuses: ReadonlyMap<number, number> = new Map([
  [48, 501], // NOT_IMPLEMENTED
  [516, 403], // AUTHENTICATION_FAILED
  ...[47, 46, 60, 81, 115].map((code) => [code, 404] as const), // unknown identifier, function, table, database, setting
  ...[6, 25, 26, 27, 38, 41, 43, 53, 62, 69, 70, 72, 117, 130, 349, 456].map((code) => [code, 400] as const),
]);

export const statusOf = (code: number): number => statuses.get(code) ?? 500;
