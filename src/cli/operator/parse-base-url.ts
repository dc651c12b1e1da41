import { UsageError } from './usage-error.ts';

/** Where a gateway is. */
export interface BaseUrl {
  /** Without a trailing slash. */
  base: string;
  /** Whether what is sent there can be read on the way: false for plain http to another machine. */
  isPrivate: boolean;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @throws UsageError when it is no URL that a gateway can have */
export function parseBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('--url must be an http or https URL, such as http://127.0.0.1:3000');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('--url must hold no user name, password, query or fragment');
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return { base, isPrivate: url.protocol === 'https:' || LOOPBACK.test(url.hostname) };
}
