import { formatFacts } from './format-rows.ts';
import type { Problem } from './gateway-errors.ts';
import { printable } from './printable.ts';

/** With whose credential was asked: an operator's key, or what an app sends to get a token. */
export type Asker = 'operator' | 'app';

/** A problem as the operator reads it: title and detail, every fault, and what to do next. */
export function formatProblem(problem: Problem, url: string, asker: Asker): string {
  const { title, detail, code, requestId, errors } = problem;
  const lines = [
    printable(`${title}: ${detail}`),
    ...errors.map((fault) => printable(`  ${fault.pointer || 'body'}: ${fault.detail}`)),
    ...formatFacts([
      ['code', code],
      ['request', requestId],
      ['next step', nextStep(problem, url, asker)],
    ]).map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function nextStep({ code, status, detail, retryAfterSeconds }: Problem, url: string, asker: Asker): string {
  const again = retryAfterSeconds === null ? 'later' : `in ${retryAfterSeconds} s`;
  switch (code) {
    case 'unauthenticated':
      if (asker === 'app') return 'Renew the login, or give another credential: docs/logins.md.';
      return 'Set MAU_OPS_KEY to a key whose hash stands in OPS_API_KEYS of that gateway.';
    case 'forbidden':
      if (asker === 'app') return 'Ask as a trusted backend, with --api-key-file: it needs no Origin.';
      return 'Use the key of an operator with that role.';
    case 'invalid-request':
      return 'Correct what is listed. Nothing was changed.';
    case 'not-found':
      return detail.includes('has no archive')
        ? 'Name a folder at `retention.archive` of its configuration: docs/retention.md.'
        : 'Compare the name, and --service if the gateway has several.';
    case 'conflict':
      return detail.includes('Idempotency-Key')
        ? `Something was done under this key: see GET ${url}/v1/audit, then decide again.`
        : 'Look at what is there now, then decide again. Nothing was changed.';
    case 'precondition-failed':
      return 'Somebody was faster and nothing was changed: look at what is there now, then run the command again.';
    case 'rate-limited':
      return `Run the command again ${again}.`;
    case 'ledger-unavailable':
      return `Run the command again ${again}. If it stays so, look at Redis or the disk of the ledger: \`mau-guard doctor\`.`;
    case 'twilio-unavailable':
      return 'Do what is said above, then run the command again. Tokens are issued meanwhile.';
    case 'internal':
      return 'Look for the request in the log of the gateway.';
    case 'unknown':
      return status === 404
        ? 'Compare --url with the address of the gateway.'
        : 'Look at what stands between.';
    default:
      return `Read ${url}/problems/${code}`;
  }
}
