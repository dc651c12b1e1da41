/*
 * The published peer: Twilio's quickstart token server (TwilioDevEd/sdk-starter-node), reduced to what a token takes,
 * on the same Express and twilio versions as the gateway. No login, no log, no headers, no budget. Left out are its
 * static files, its second body parser and its other grants, all of which would only slow it down.
 *
 * With the argument `repaired` the signing secret is a key object. jsonwebtoken 9, which the twilio library signs with,
 * first tries to read a text as a private key; on Node 20 (OpenSSL 3.0) that failing takes about 0.3 ms a token.
 */
import { createSecretKey } from 'node:crypto';
import express from 'express';
import twilio from 'twilio';
import { API_KEY, sid } from '../gateway-config.js';

const { AccessToken } = twilio.jwt;
const repaired = process.argv[2] === 'repaired';
const secret = repaired ? createSecretKey(Buffer.from(API_KEY.secret)) : API_KEY.secret;
const serviceSid = sid('IS', 1);

function generateToken(identity) {
  const token = new AccessToken(API_KEY.accountSid, API_KEY.sid, secret, { identity, ttl: 3600 });
  token.addGrant(new AccessToken.ChatGrant({ serviceSid }));
  return { identity: token.identity, token: token.toJwt() };
}

const app = express();
app.use(express.json());
app.get('/token/:identity', (request, response) => {
  response.send(generateToken(request.params.identity));
});
app.post('/token', (request, response) => {
  response.send(generateToken(request.body.identity));
});

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit(0));
