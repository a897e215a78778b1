// Functions of the user whose answer is needed before the request goes on: one that comes later is no answer,
// and its rejection would be heard by nobody.

import { isThenable, OptionError } from '@expectation/core'

/** @throws OptionError - a function gave a promise. */
export function atOnce<Value>(option: string, given: Value): Value {
  if (!isThenable(given)) return given
  Promise.resolve(given).then(undefined, () => undefined)
  const remedy = 'Give a function that answers at once.'
  throw new OptionError({ option, received: '[promise]', remedy })
}
