/** The app's name for who is signed in; empty for nobody, and where asking fails, as after a session that has ended. */
export function nameOf(user: (() => string | undefined) | undefined): string {
  try {
    return user?.() ?? '';
  } catch {
    return '';
  }
}
