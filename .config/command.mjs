/** What the commands of this folder have in common: what they are given, what they write, and how they end. */
import { renameSync, writeFileSync } from 'node:fs'

/** A mistake in how the command was called; its message is all the user needs. */
export class UsageError extends Error {}

/**
 * Where a command was called: npm runs its scripts in the project's folder.
 * @param {string} script its name in package.json
 */
export function callersFolder(script) {
  const isByNpm = process.env.npm_lifecycle_event === script
  return (isByNpm ? process.env.INIT_CWD : undefined) ?? process.cwd()
}

/**
 * Runs a command; a failure ends the process with code 1 and a message.
 * @param {() => Promise<void>} command
 */
export async function runCommand(command) {
  try {
    await command()
  } catch (error) {
    const isUsage =
      error instanceof UsageError ||
      (error instanceof TypeError &&
        'code' in error &&
        `${error.code}`.startsWith('ERR_PARSE_ARGS'))
    console.error(isUsage ? error.message : error)
    process.exitCode = 1
  }
}

/**
 * @param {string} name of the option, for the message
 * @param {string} text
 * @returns {number} an integer of 1 or more
 * @throws {UsageError} when it is not one
 */
export function parseCount(name, text) {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new UsageError(`--${name} is '${text}'; give a whole number of 1 or more.`)
}

/**
 * Writes a file at once: whoever is interrupted leaves the old one or the new one, never half of it.
 * @param {string} path
 * @param {string} text
 */
export function writeWhole(path, text) {
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, text)
  renameSync(draft, path)
}
