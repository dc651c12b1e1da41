/** `after`: the `next` of an earlier page, null for the first. A page holds at most `limit` items. */
export interface PageRequest {
  after: string | null;
  limit: number;
  /**
   * For whoever reads everything: the page may end where the store reads best, with somewhat fewer or more than `limit`
   * items and, at the very end, with none. A store is free to ignore it.
   */
  loose?: boolean;
}

export interface Page<Item> {
  items: Item[];
  /** Position after the last item, null at the end. Opaque, but stable for a closed month. */
  next: string | null;
}

/** The form of `next` where people are listed: a bucket and who came last in it. */
export const PERSON_POSITION = /^\d{1,5}:/;
/** The form of `next` where rows are listed that are numbered: mints, alerts, operator writes. */
export const ROW_POSITION = /^\d{1,15}$/;
