import { APP_ORIGIN, PUBLIC_URL } from '../../ground/gateway-settings.js';

/** The host of the gateway, as its own browser says it. */
export const HOST = new URL(PUBLIC_URL).host;

/** Origins that look like the gateway's own or the app's, and are neither. */
export const FOREIGN = [
  ...[
    'null',
    '',
    'https://evil.example',
    `https://${HOST}.evil.example`,
    `https://evil${HOST}`,
    `https://sub.${HOST}`,
  ],
  ...[
    `https://${HOST}:8443`,
    `http://${HOST}`,
    `https://${HOST}.`,
    `https://${HOST}/`,
    `https://${HOST}@evil.example`,
  ],
  ...[
    `https://${HOST}%00.evil.example`,
    `https://attack.example`,
    'file://',
    'chrome-extension://abcdef',
    'https://127.0.0.1',
  ],
  ...[
    `${APP_ORIGIN}.evil.example`,
    `${APP_ORIGIN}:8443`,
    APP_ORIGIN.replace('https', 'http'),
    APP_ORIGIN.toUpperCase(),
  ],
  ...[
    `${APP_ORIGIN}, https://evil.example`,
    `https://evil.example ${APP_ORIGIN}`,
    '*',
    '__proto__',
    'https://[::1]',
  ],
];
