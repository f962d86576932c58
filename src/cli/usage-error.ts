/** A mistake in what a command was asked for; its message is all the user needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
