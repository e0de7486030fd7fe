import { describe, expect, it } from 'vitest';
import { exceptionOf, statusOf } from '../../../sinks/clickhouse/embedded/exception.ts';
import { statementOf } from '../../../sinks/clickhouse/embedded/statement.ts';

const params = (entries: Record<string, string>): URLSearchParams => new URLSearchParams(entries);

describe('statementOf', () => {
  it('puts the settings of a plain insert into its statement', () => {
    const statement = statementOf(
      params({
        query: 'INSERT INTO shop.orders (id, name) FORMAT JSONEachRow',
        insert_deduplication_token: "a'b",
        query_id: 'q1',
      }),
      Buffer.from('{"id":1}'),
    );
    expect(statement.before).toEqual([]);
    expect(statement.insert).toEqual({
      table: 'shop.orders',
      columns: ['id', 'name'],
      format: 'JSONEachRow',
      settings: { insert_deduplication_token: "a'b" },
    });
  });

  it('sets everything else before the statement, on its own connection', () => {
    const statement = statementOf(
      params({ database: 'shop', max_threads: '1', param_name: "O'Neil" }),
      Buffer.from('SELECT {name:String}'),
    );
    expect(statement.before).toEqual(['USE `shop`', "SET max_threads = '1', param_name = 'O\\'Neil'"]);
    expect(statement.sql).toBe('SELECT {name:String}');
  });

  it('joins query and body, as ClickHouse does', () => {
    expect(statementOf(params({ query: 'INSERT INTO t VALUES' }), Buffer.from('(1)')).sql).toBe(
      'INSERT INTO t VALUES\n(1)',
    );
  });

  it('lets no SQL in through the name of a setting', () => {
    expect(() => statementOf(params({ 'a=1; DROP TABLE t; --': '1' }), Buffer.from('SELECT 1'))).toThrow(
      SyntaxError,
    );
  });
});

describe('exceptionOf', () => {
  it('finds code and text of ClickHouse in an error', () => {
    const exception = exceptionOf(new Error('Code: 60. DB::Exception: Unknown table t. (UNKNOWN_TABLE)'));
    expect(exception).toEqual({
      code: 60,
      text: 'Code: 60. DB::Exception: Unknown table t. (UNKNOWN_TABLE)',
    });
    expect(statusOf(exception.code)).toBe(404);
  });

  it('gives every other error the same form', () => {
    expect(exceptionOf(new Error('socket hang up')).text).toBe(
      'Code: 1002. DB::Exception: socket hang up. (UNKNOWN_EXCEPTION)',
    );
    expect(statusOf(1002)).toBe(500);
  });
});
