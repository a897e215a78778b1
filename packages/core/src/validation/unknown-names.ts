// A misspelt option would silently switch a limit off: unknown names are refused, and the nearest
// known one is offered.

import { distance } from 'fastest-levenshtein'
import { optionMadeOf, optionMeantBy } from './hints.js'
import { OptionError } from './option-error.js'
import { isRecord } from './record.js'

/**
 * @param subject - What the options belong to; the names are shown as `<subject>.<name>`, or alone
 * when it is empty.
 * @throws {@link OptionError} when `options` is no object of names, or has a name outside `known`.
 */
export function rejectUnknownNames(
  subject: string,
  options: unknown,
  known: readonly string[],
): void {
  if (!isRecord(options)) {
    throw new OptionError({
      option: subject || 'options',
      received: options,
      // Where it may be left out, it is not looked at.
      remedy: `Give an object of options${options === undefined ? '' : ', or leave it out'}.`,
    })
  }
  if (isRequest(options)) {
    throw new OptionError({
      option: subject || 'options',
      received: '[request]',
      remedy: 'Call the function and mount what it gives, such as `app.use(expectation())`.',
    })
  }
  if ('addHook' in options) {
    throw new OptionError({
      option: subject || 'options',
      received: '[fastify]',
      remedy: 'Register the plugin of @expectation/fastify.',
    })
  }
  for (const name of namesIn(options)) {
    if (known.includes(name)) continue
    const received: unknown = Reflect.get(options, name)
    throw new OptionError({
      code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
      option: subject === '' ? name : `${subject}.${name}`,
      received,
      remedy: remedyFor(name, known),
    })
  }
}

/**
 * A request, Koa's context, or the head that a check gets: the function that makes a middleware, or a check, was
 * given in the place of one.
 */
function isRequest(options: object): boolean {
  return 'method' in options && 'headers' in options && ('url' in options || 'target' in options)
}

/** Those that a configuration has of another one (`Object.create`), too; what everything has is no option. */
function namesIn(options: object): readonly string[] {
  const parent: unknown = Object.getPrototypeOf(options)
  const own = Object.keys(options)
  if (!isRecord(parent) || parent === Object.prototype) return own
  return [...own, ...namesIn(parent)]
}

function remedyFor(name: string, known: readonly string[]): string {
  const meant = optionMeantBy(name, known)
  if (meant !== undefined) return `The option for that is ${meant}.`
  const ranked = known
    .map((candidate) => ({
      candidate,
      edits: distance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.edits - b.edits)
  const nearest = ranked[0]
  // Beyond a third of the name a guess would mislead; the whole list helps more.
  if (nearest !== undefined && nearest.edits <= Math.max(2, Math.ceil(name.length / 3))) {
    return `Did you mean ${nearest.candidate}?`
  }
  const madeOf = optionMadeOf(name, known)
  if (madeOf !== undefined) return `The option for that is ${madeOf}.`
  return `The options are ${known.join(', ')}.`
}
