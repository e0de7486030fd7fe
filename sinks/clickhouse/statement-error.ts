import { ClickHouseError } from '@clickhouse/client';
import { ForewarnError } from '../../runtime/forewarn-error.ts';

/**
 * ClickHouse's codes that say something about the rows themselves, so that the same rows can never go in (names in
 * its `src/Common/ErrorCodes.cpp`). Everything else, such as a missing table, a full disk or too many parts, is
 * mended by someone else, and then the same rows do go in.
 */
const rowCodes: ReadonlySet<string> = new Set([
  '6', // CANNOT_PARSE_TEXT
  '25', // CANNOT_PARSE_ESCAPE_SEQUENCE
  '26', // CANNOT_PARSE_QUOTED_STRING
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '38', // CANNOT_PARSE_DATE
  '41', // CANNOT_PARSE_DATETIME
  '53', // TYPE_MISMATCH
  '69', // ARGUMENT_OUT_OF_BOUND
  '70', // CANNOT_CONVERT_TYPE
  '72', // CANNOT_PARSE_NUMBER
  '117', // INCORRECT_DATA
  '130', // CANNOT_READ_ARRAY_FROM_TEXT
  '131', // TOO_LARGE_STRING_SIZE
  '321', // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  '349', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  '467', // CANNOT_PARSE_BOOL
  '469', // VIOLATED_CONSTRAINT
]);

/** FW502 where the rows are at fault, FW501 where trying the same again can help. */
export const insertError = (table: string, error: unknown): ForewarnError => {
  const said = error instanceof Error ? error.message.trim() : String(error);
  if (error instanceof ClickHouseError && rowCodes.has(error.code))
    return new ForewarnError('FW502', `table "${table}": ${error.type ?? error.code}: ${said}`, {
      cause: error,
    });
  return new ForewarnError('FW501', `table "${table}": insert failed, and is tried again: ${said}`, {
    cause: error,
  });
};
