// The flags of the run: `--rounds 10 --only curl,Apache --no-write --built`.
import { parseArgs } from 'node:util'

const TABLES = ['direct', 'proxies', 'link']

export function readFlags(args) {
  const { values } = parseArgs({
    args,
    options: {
      /** Uploads for each cell of the first table; the other tables take fewer. */
      rounds: { type: 'string', default: '100' },
      /** Parts of names: only these clients, servers and proxies. */
      only: { type: 'string', default: '' },
      /** Which tables. */
      tables: { type: 'string', default: 'direct,proxies,link' },
      /** Leaves docs/delivery.md as it is. */
      'no-write': { type: 'boolean', default: false },
      /** The packages are built already. */
      built: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds: ${values.rounds} is not a whole number of uploads`)
  }
  const only = listed(values.only)
  const tables = listed(values.tables)
  const whole = only.length === 0 && TABLES.every((name) => tables.includes(name))
  return { rounds, only, tables, write: whole && !values['no-write'], built: values.built }
}

function listed(text) {
  return text.split(',').filter((part) => part !== '')
}

/** What `--only` lets through of a list; when it names nothing of the list, all of it. */
export function chooser(only, list) {
  const asked = only.filter((part) => list.some(({ name }) => matches(name, part)))
  return ({ name }) => asked.length === 0 || asked.some((part) => matches(name, part))
}

function matches(name, part) {
  return name.toLowerCase().includes(part.toLowerCase())
}
