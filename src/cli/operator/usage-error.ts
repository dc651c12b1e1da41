/** The command line asks for something that cannot be; nothing was sent. The message is for the one who typed it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
