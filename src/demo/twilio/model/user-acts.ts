import type { FakeActivity } from './activity.ts';
import type { FakeUser } from './records.ts';
import { type Act, type ActOptions, FakeRefusal, type FakeWorld, instant } from './world.ts';

export interface UserActs {
  /** A client of the SDK connects; nothing but this makes a token's holder active. Creates the user where needed. */
  connect(identity: string, options?: Pick<ActOptions, 'service'>): FakeUser;
  disconnect(identity: string, options?: Pick<ActOptions, 'service'>): void;
  /** By REST unless told; Twilio bills it. */
  createUser(identity: string, options?: ActOptions): FakeUser;
  /** By REST unless told. */
  updateUser(identity: string, change: { friendlyName?: string }, options?: ActOptions): FakeUser;
}

/** Users, and whether they are there. */
export function createUserActs(world: FakeWorld): UserActs {
  const find = (act: Act, identity: string): FakeUser => {
    const user = act.service.users.get(identity);
    if (user === undefined) throw new FakeRefusal(50200, `There is no user ${identity}.`);
    return user;
  };
  return {
    connect(identity, options) {
      const act = world.begin({ ...options, source: 'SDK' }, identity);
      const user = ensureUser(world, act, identity);
      user.online = true;
      return user;
    },

    disconnect(identity, options) {
      find(world.begin({ ...options, source: 'API' }, identity), identity).online = false;
    },

    createUser(identity, options) {
      const act = world.begin({ source: 'API', ...options }, identity);
      if (act.service.users.has(identity)) throw new FakeRefusal(50201, 'User already exists');
      world.note(act, identity, 'user-created');
      return ensureUser(world, act, identity);
    },

    updateUser(identity, change, options) {
      const act = world.begin({ source: 'API', ...options }, identity);
      const user = find(act, identity);
      user.friendlyName = change.friendlyName ?? user.friendlyName;
      user.updatedAt = act.at;
      world.note(act, identity, 'user-updated');
      world.emit(act, 'onUserUpdated', {
        ...fieldsOf(act, user),
        DateUpdated: instant(user.updatedAt),
        // Twilio begins these two with a small letter.
        isOnline: String(user.online),
        isNotifiable: 'false',
      });
      return user;
    },
  };
}

/** Takes up a deed from before: it counts, and whoever has connected has a user. Nobody is told of it. */
export function recall(world: FakeWorld, activity: FakeActivity): void {
  const { serviceSid, who, deed, at } = activity;
  world.activities.push(activity);
  const service = world.account.services.get(serviceSid);
  if (service === undefined || deed !== 'connected') return;
  ensureUser(world, { service, source: 'API', client: null, webhooks: false, at }, who);
}

/** The user of an identity; connecting and being added create it, which Twilio tells like any new user. */
export function ensureUser(world: FakeWorld, act: Act, identity: string): FakeUser {
  const known = act.service.users.get(identity);
  if (known !== undefined) return known;
  const user: FakeUser = {
    sid: world.newSid('US'),
    identity,
    friendlyName: null,
    attributes: '{}',
    roleSid: act.service.defaultRoles.service,
    online: false,
    createdAt: act.at,
    updatedAt: act.at,
  };
  act.service.users.set(identity, user);
  world.emit(act, 'onUserAdded', fieldsOf(act, user));
  return user;
}

function fieldsOf({ service }: Act, user: FakeUser): Record<string, string | null> {
  return {
    ChatServiceSid: service.sid,
    UserSid: user.sid,
    DateCreated: instant(user.createdAt),
    Identity: user.identity,
    RoleSid: user.roleSid,
    Attributes: user.attributes,
    FriendlyName: user.friendlyName,
  };
}
