/** What the commands of this folder have in common: what they are given, what they write, and how they end. */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A mistake in how the command was called; its message is all the user needs. */
export class UsageError extends Error {
  /** @override */
  name = 'UsageError'
}

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
    // By its name, as modules of src/cli have a class of their own.
    const isUsage =
      error instanceof Error &&
      (error.name === 'UsageError' || `${codeOf(error)}`.startsWith('ERR_PARSE_ARGS'))
    console.error(isUsage ? error.message : error)
    process.exitCode = 1
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
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
 * Makes sure that a file can be written: better told before hours of work than after.
 * @param {string} name of the option, for the message
 * @param {string} path
 * @throws {UsageError} when it cannot
 */
export function checkWritable(name, path) {
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UsageError(`--${name} is ${path}, which is a folder; give the name of a file in it.`)
  const draft = draftOf(path)
  try {
    writeFileSync(draft, '')
    rmSync(draft)
  } catch (error) {
    throw new UsageError(
      codeOf(error) === 'ENOENT'
        ? `There is no folder ${dirname(path)} for --${name}; make it, or give another file.`
        : `--${name} is ${path}, which cannot be written (${codeOf(error) ?? error}); give another file.`,
    )
  }
}

/**
 * Writes a file at once: whoever is interrupted leaves the old one or the new one, never half of it.
 * @param {string} path
 * @param {string} text
 */
export function writeWhole(path, text) {
  const draft = draftOf(path)
  try {
    writeFileSync(draft, text)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** @param {string} path */
function draftOf(path) {
  return `${path}.${process.pid}.tmp`
}
