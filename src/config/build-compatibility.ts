import type { ConfigParts } from './config-parts.ts';
import type { Settings } from './settings.ts';

/** What is there for older clients only. */
export function buildCompatibility({ file, findings }: ConfigParts): Settings['compatibility'] {
  const tokenEndpoint = findings.prefer(
    'compatibility.tokenEndpoint',
    [file.offer(['compatibility', 'tokenEndpoint'], file.data.compatibility?.tokenEndpoint)],
    'off',
  );
  if (tokenEndpoint === 'password') {
    findings.notice(
      'compatibility.tokenEndpoint is password: GET /token takes login tokens in its address, which proxies, browsers ' +
        'and access logs keep. Use login as soon as your clients can send a header.',
    );
  }
  return { tokenEndpoint };
}
