import { createPrivateKey, sign } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { subjectOf } from './logins.js';

const { issuer, audience, keyId, privateKeyPem, issuedAt, expiresAt, from, to } = workerData;
const key = createPrivateKey(privateKeyPem);
const header = base64url({ alg: 'RS256', typ: 'JWT', kid: keyId });

const tokens = [];
for (let person = from; person < to; person++) {
  // The claims of an ordinary login, so that the token has an ordinary length.
  const payload = base64url({
    iss: issuer,
    sub: subjectOf(person),
    aud: [audience, `${issuer}userinfo`],
    iat: issuedAt,
    exp: expiresAt,
    azp: 'Xx0Yy1Zz2Aa3Bb4Cc5Dd6Ee7Ff8Gg9Hh',
    scope: 'openid profile email offline_access',
    jti: person.toString(16).padStart(32, '0'),
  });
  const signed = `${header}.${payload}`;
  tokens.push(`${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`);
}
parentPort.postMessage(tokens);

function base64url(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
