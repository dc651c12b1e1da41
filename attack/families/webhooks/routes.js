export const PATHS = {
  post: '/v1/webhooks/twilio',
  guard: '/v1/webhooks/twilio/guard',
  stream: '/v1/webhooks/twilio/event-streams',
};
export const FORM = 'application/x-www-form-urlencoded';

/** @param {[name: string, value: string][]} fields */
export function encodeForm(fields) {
  return fields.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}
