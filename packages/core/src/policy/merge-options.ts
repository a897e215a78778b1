// Options of several layers as one: what a later one says holds over an earlier one, name by name, and the
// bounds of `linger` likewise. Law: each option is read by its name, as where a gate is made: a configuration
// may be made of another (`Object.create`), or be an instance of a class.

import type { ExpectationOptions } from './options.js'
import { optionNames } from './policy.js'
import { lingerNames } from './said-options.js'

export function mergeOptions<Request>(
  ...layers: readonly ExpectationOptions<Request>[]
): ExpectationOptions<Request> {
  const merged: ExpectationOptions<Request> = merge(optionNames, layers)
  const lingers = layers.map(({ linger }) => linger).filter((linger) => linger !== undefined)
  // One that is alone stays as it was written, so that what is wrong with it is told.
  return lingers.length < 2 ? merged : { ...merged, linger: merge(lingerNames, lingers) }
}

function merge(names: readonly string[], layers: readonly object[]) {
  const said = layers.flatMap((layer) => names.map((name) => [name, Reflect.get(layer, name)]))
  return Object.fromEntries(said.filter(([, value]) => value !== undefined))
}
