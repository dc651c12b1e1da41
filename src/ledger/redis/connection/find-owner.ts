import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { defineScripts, type ScriptedClient } from '../scripts.ts';

/** The node that owns a key. */
export interface Owner {
  /** One connection to that node and no other, which ends with it; answers MOVED instead of following. */
  connection: Redis & ScriptedClient;
  /** Resolves when the Cluster has been asked anew who owns what, because this one says it does not. */
  isOther(): Promise<void>;
}

const PAUSE_MS = 20;

/** Finds the connection of a Cluster client on which the keys of a slot are, for what must stay on one connection. */
export function createFindOwner(cluster: Cluster): (key: string) => Promise<Owner> {
  const slots = new Map<string, Promise<number>>();
  const scripted = new WeakMap<Redis, Owner>();
  let refreshing: Promise<void> | null = null;

  const refresh = () => {
    refreshing ??= new Promise<void>((resolve) => cluster.refreshSlotsCache(() => resolve()))
      .then(() => sleep(PAUSE_MS))
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  };

  function slotOf(key: string): Promise<number> {
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = cluster.cluster('KEYSLOT', key);
      slots.set(key, slot);
      slot.catch(() => slots.delete(key));
    }
    return slot;
  }

  return async (key) => {
    const address = cluster.slots[await slotOf(key)]?.[0];
    const node = cluster
      .nodes('master')
      .find(
        ({ options, status }) => `${options.host}:${options.port}` === address && status !== 'reconnecting',
      );
    if (node === undefined) {
      await refresh();
      throw new Error(`no connection to ${address ?? 'a node'} that owns the slot`);
    }
    let owner = scripted.get(node);
    if (owner === undefined) {
      owner = { connection: defineScripts(node) as Redis & ScriptedClient, isOther: refresh };
      scripted.set(node, owner);
    }
    return owner;
  };
}
