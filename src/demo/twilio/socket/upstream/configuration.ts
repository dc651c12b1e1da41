import { conversationsOf, userInfoOf } from '../sync/names.ts';
import { CLIENT_API, type UpstreamAnswer, type UpstreamCall } from './call.ts';

/** `GET /Client/v2/Configuration`: where everything is. The first thing that a client asks. */
export function readConfiguration({ service, identity }: UpstreamCall): UpstreamAnswer {
  const user = service.users.get(identity)!;
  const base = `${CLIENT_API}/Services/${service.sid}`;
  const self = `${base}/Users/${encodeURIComponent(identity)}`;
  const body = {
    identity,
    links: {
      my_conversations: `${self}/Conversations`,
      conversations: `${base}/Conversations`,
      users: `${base}/Users`,
      current_user: self,
      typing: `${base}/Typing`,
      media_service: `https://mcs.us1.twilio.com/v1/Services/${service.sid}/Media`,
      media_set_service: `https://mcs.us1.twilio.com/v1/Services/${service.sid}/MediaSet`,
      messages_receipts: `${base}/Conversations/%s/Messages/%s/Receipts`,
    },
    options: {
      reachability_enabled: service.reachability,
      user_infos_to_subscribe: 100,
      http_cache_interval: 'PT1S',
      consumption_report_interval: 'PT0.5S',
      media_attachments_count_limit: 10,
      media_attachment_size_limit_in_mb: 150,
      media_attachments_total_size_limit_in_mb: 150,
      email_histories_allowed_mime_types: ['text/plain'],
      email_bodies_allowed_mime_types: ['text/plain'],
    },
    sync_objects: { my_user_info: userInfoOf(user.sid), my_conversations: conversationsOf(user.sid) },
  };
  return { status: 200, body };
}
