import { expect, test } from '@jest/globals';
import express from 'express';
import { listRoutes, matchRoutes } from '../../src/http/route-table.ts';

function buildRouter() {
  const inner = express.Router();
  inner.get('/', () => {});
  inner.post('/', () => {});
  inner.get('/:id', () => {});
  inner.put('/:id', () => {});
  const app = express();
  app.use((_req, _res, next) => next());
  app.get('/plain', () => {});
  app.use('/items/:kind', inner);
  app.delete('/items/:kind/:id', () => {});
  return app.router;
}

test('lists routes of mounted routers under their mount, as OpenAPI writes them', () => {
  expect(listRoutes(buildRouter())).toEqual([
    { method: 'GET', path: '/plain' },
    { method: 'GET', path: '/items/{kind}' },
    { method: 'POST', path: '/items/{kind}' },
    { method: 'GET', path: '/items/{kind}/{id}' },
    { method: 'PUT', path: '/items/{kind}/{id}' },
    { method: 'DELETE', path: '/items/{kind}/{id}' },
  ]);
});

test.each([
  ['/plain', { path: '/plain', methods: ['GET', 'HEAD'] }],
  ['/items/a', { path: '/items/{kind}', methods: ['GET', 'POST', 'HEAD'] }],
  ['/items/a/', { path: '/items/{kind}', methods: ['GET', 'POST', 'HEAD'] }],
  ['/items/a/1', { path: '/items/{kind}/{id}', methods: ['GET', 'PUT', 'HEAD', 'DELETE'] }],
  ['/items/a/1/2', null],
  ['/items', null],
  ['/', null],
  ['/items/%ZZ', null],
])('%s leads to %j', (path, match) => {
  expect(matchRoutes(buildRouter(), path)).toEqual(match);
});
