/**
 * Which requests a run makes. The n-th is that of person `n modulo people`; for the gateway in service `services[n /
 * people]`, so that everybody asks once in a service before anybody asks in the next.
 *
 * @typedef {object} RequestPlan
 * @property {'gateway' | 'quickstart'} shape
 * @property {string} intent what a gateway's tokens are asked for
 * @property {string[]} services names of equal length; ignored by the quickstart
 * @property {number} first n of the first request
 */

/** Tail of a gateway's body after the service's name. */
const TAIL = '"}';

/**
 * Prebuilds a request for each person, so that sending one costs nothing but the sending.
 *
 * @param {readonly string[]} logins
 * @returns {(plan: RequestPlan) => (n: number) => Buffer} the answered function gives the n-th request of a plan
 */
export function createRequestSource(logins) {
  /** @type {Map<string, Buffer[]>} */
  const built = new Map();

  function buffersFor(shape, intent, serviceLength) {
    const key = `${shape} ${intent} ${serviceLength}`;
    let buffers = built.get(key);
    if (buffers === undefined) {
      buffers = logins.map((login, person) =>
        shape === 'gateway' ? gatewayRequest(login, intent, serviceLength) : quickstartRequest(person),
      );
      built.set(key, buffers);
    }
    return buffers;
  }

  return ({ shape, intent, services }) => {
    if (shape === 'quickstart') {
      const buffers = buffersFor(shape, '', 0);
      return (n) => buffers[n % buffers.length];
    }
    const serviceLength = services[0].length;
    const buffers = buffersFor(shape, intent, serviceLength);
    return (n) => {
      const buffer = buffers[n % buffers.length];
      const service = services[Math.floor(n / buffers.length)];
      if (service === undefined) throw new Error('a run asks for more than was prepared for it');
      buffer.latin1Write(service, buffer.length - TAIL.length - serviceLength, serviceLength);
      return buffer;
    };
  };
}

function gatewayRequest(login, intent, serviceLength) {
  const body = `{"intent":"${intent}","tabState":"focused","service":"${'.'.repeat(serviceLength)}${TAIL}`;
  return post('/v1/tokens', body, `Authorization: Bearer ${login}\r\n`);
}

function quickstartRequest(person) {
  return post('/token', JSON.stringify({ identity: `person-${String(person).padStart(6, '0')}` }), '');
}

function post(path, body, headers) {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n${headers}` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}
