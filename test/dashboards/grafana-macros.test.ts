import { describe, expect, it } from 'vitest';
import { expandPromql, expandSql } from '../system/grafana-macros.ts';

const range = { fromMs: 1_000_500, toMs: 2_000_500, intervalSec: 60 };

describe('macros of Grafana', () => {
  it('are written out as its ClickHouse plug-in does', () => {
    expect(expandSql('WHERE $__timeFilter(a.at) AND x > $__fromTime', range)).toBe(
      'WHERE a.at >= toDateTime(1000) AND a.at <= toDateTime(2001) AND x > toDateTime(1000)',
    );
    expect(expandSql('SELECT $__timeInterval(at) AS time', range)).toBe(
      'SELECT toStartOfInterval(toDateTime(at), INTERVAL 60 second) AS time',
    );
  });

  it('are refused when they are nested or unknown', () => {
    expect(() => expandSql('SELECT $__timeInterval(min(at))', range)).toThrow('macro $__timeInterval');
    expect(() => expandSql('SELECT ${customer}', range)).toThrow('macro ${customer}');
    expect(() => expandPromql('rate(x[$__interval])', '20s')).toThrow('macro $__interval');
  });

  it('give a rate its interval', () => {
    expect(expandPromql('rate(x[$__rate_interval])', '20s')).toBe('rate(x[20s])');
  });
});
