/**
 * What the work answers, or a failure once so many ms are over; the work itself goes on then.
 *
 * @param late makes the failure
 */
export async function within<Answer>(
  ms: number,
  work: Promise<Answer>,
  late: () => Error = () => new Error(`no answer within ${ms} ms`),
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
