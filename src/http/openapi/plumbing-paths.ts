import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemResponses } from './problem-responses.ts';

const tags = ['plumbing'];
const text = { 'text/plain': { schema: { type: 'string' as const } } };
const anyObject = { 'application/json': { schema: { type: 'object' as const } } };

const problemPage = z.object({
  type: z.string(),
  code: z.string(),
  status: z.int(),
  title: z.string(),
  retryable: z.boolean(),
  meaning: z.string(),
  remedy: z.string(),
});

/** Routes of machines and of those who read documentation. No credential. */
export const PLUMBING_PATHS: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/livez',
    operationId: 'getLiveness',
    tags,
    summary: 'Whether the process runs; asks nothing else',
    responses: { 200: { description: 'It runs.', content: text } },
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tags,
    summary: 'Whether to send traffic here',
    request: {
      query: z.object({
        verbose: z.string().optional().meta({ description: 'Present: one line per check.' }),
      }),
    },
    responses: {
      200: { description: 'Ready.', content: text },
      503: { description: 'Not ready, or shutting down.', content: text },
    },
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tags,
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', content: anyObject } },
  },
  {
    method: 'get',
    path: '/problems/{code}',
    operationId: 'getProblem',
    tags,
    summary: 'What an error code means and what to do about it',
    request: { params: z.object({ code: z.string() }) },
    responses: {
      200: {
        description: 'The explanation.',
        content: { 'text/html': { schema: { type: 'string' } }, 'application/json': { schema: problemPage } },
      },
      ...problemResponses(['not-found', 'not-acceptable']),
    },
  },
  {
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getJwks',
    tags,
    summary: 'Public keys of export manifests, RFC 7517',
    responses: {
      200: {
        description: 'A key set, that of the present key first; empty without any.',
        content: anyObject,
      },
    },
  },
];
