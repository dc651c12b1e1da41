// @ts-check

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Every time on the page is UTC; pointed at, an instant says what it is here. Days are days of UTC and stay so. */
export function tellLocalTimes() {
  for (const time of document.querySelectorAll('time[datetime*="T"]')) {
    const instant = new Date(time.getAttribute('datetime') ?? '');
    if (time instanceof HTMLElement && !Number.isNaN(instant.getTime())) {
      time.title = `${LOCAL.format(instant)}, local time`;
    }
  }
}
