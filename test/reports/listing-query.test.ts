import { describe, expect, it } from '@jest/globals';
import { type ListingQuery, parseListingQuery, type QueryName } from '../../src/reports/listing-query.ts';

const ALL: QueryName[] = ['service', 'cursor', 'limit', 'class', 'signal', 'not', 'q'];

function parse(text: string, allowed = ALL) {
  return parseListingQuery(new URLSearchParams(text), allowed);
}

describe('the query of a listing', () => {
  it('asks for nothing when it is empty', () => {
    expect(parse('')).toEqual({
      service: null,
      cursor: null,
      limit: null,
      className: null,
      signals: [],
      not: [],
      beginning: null,
      rules: null,
    } satisfies ListingQuery);
  });

  it('takes signals by comma and by repetition, in one order', () => {
    const query = parse('signal=messaged,connected&signal=minted&not=left&not=joined') as ListingQuery;
    expect(query.signals).toEqual(['minted', 'connected', 'messaged']);
    expect(query.not).toEqual(['joined', 'left']);
  });

  it('takes an empty class or beginning as none', () => {
    expect(parse('class=&q=')).toMatchObject({ className: null, beginning: null });
  });

  it.each([
    ['limit=0', ['?limit']],
    ['limit=1001', ['?limit']],
    ['limit=1.5', ['?limit']],
    ['limit=1e2', ['?limit']],
    ['limit=', ['?limit']],
    ['signal=hacked', ['?signal']],
    ['signal=', ['?signal']],
    ['not=returning', ['?not']],
    ['classs=guest', ['?classs']],
    ['class=a&class=b', ['?class']],
    [`q=${'x'.repeat(257)}`, ['?q']],
    ['limit=x&signal=y&page=2', ['?page', '?limit', '?signal']],
    ['__proto__=1', ['?__proto__']],
  ])('%s has the faults %j', (text, pointers) => {
    const faults = parse(text);
    expect(Array.isArray(faults) && faults.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('names what the address takes', () => {
    expect(parse('limit=5', ['service'])).toEqual([
      { pointer: '?limit', detail: 'Unknown; this address takes service.' },
    ]);
  });
});
