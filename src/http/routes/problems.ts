import type { RequestHandler } from 'express';
import { refused } from '../../domain/refusal.ts';
import { problemType, refusedByHttp } from '../problem.ts';
import { PROBLEM_KINDS, type ProblemKind } from '../problem-kinds.ts';

/** `GET /problems/{code}`: what a code means and what to do, for a browser or for a program. */
export function createProblemPages(publicUrl: string | null): RequestHandler {
  return (req, res, next) => {
    const code = String(req.params['code']);
    const kind = findKind(code);
    if (kind === null) {
      next(refused('not-found', { detail: 'There is no such problem code.' }));
      return;
    }
    res.setHeader('Cache-Control', 'public, max-age=3600');
    res.vary('Accept');
    const { status, title, retryable, meaning, remedy } = kind;
    switch (req.accepts(['html', 'json'])) {
      case 'html':
        res.type('html').send(renderPage(code, kind));
        return;
      case 'json':
        res.json({ type: problemType(publicUrl, code), code, status, title, retryable, meaning, remedy });
        return;
      default:
        next(
          refusedByHttp('not-acceptable', { detail: 'The page is given as text/html or application/json.' }),
        );
    }
  };
}

function findKind(code: string): ProblemKind | null {
  return Object.hasOwn(PROBLEM_KINDS, code) ? PROBLEM_KINDS[code as keyof typeof PROBLEM_KINDS] : null;
}

/** All of it is our own text. */
function renderPage(code: string, { status, title, retryable, meaning, remedy }: ProblemKind): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} (${code})</title>
<h1>${title}</h1>
<p><code>${code}</code>, HTTP status ${status}, ${retryable ? 'may succeed when repeated later' : 'repeating does not help'}</p>
<h2>What it means</h2>
<p>${withCode(meaning)}</p>
<h2>What to do</h2>
<p>${withCode(remedy)}</p>
</html>
`;
}

function withCode(text: string): string {
  return text.replace(/`([^`]+)`/g, '<code>$1</code>');
}
