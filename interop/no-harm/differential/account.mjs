// What is compared of one connection: everything that the client, the application and the operator
// could see of it, without what differs from run to run (dates, order of unrelated events).
import { lastWords } from '../kit/blame.mjs'
import { isInterim, saysClose } from '../kit/responses.mjs'

/** Fields of a response that say something of this moment or of this connection. */
const OF_THE_MOMENT = new Set(['date', 'connection', 'keep-alive', 'x-n'])

export function accountOf({ seen, log, left, ended, scenario }) {
  const process = ended === undefined ? 'lives' : lastWords(ended)
  const account = { process, descriptor: left ? 'leaks' : 'returns' }
  // Who leaves without waiting sees what the moment brings: Node drops an answer that comes after FIN.
  const halfCloses = scenario.end === 'fin' && scenario.endAfterMs === 0
  if (['rst', 'close', 'fin'].includes(scenario.end) && !halfCloses) {
    return { ...account, requests: [] }
  }
  const finals = []
  let interim = []
  for (const response of seen.responses) {
    if (isInterim(response)) interim.push(response.status)
    else {
      finals.push({ ...response, interim })
      interim = []
    }
  }
  const parsed = log?.parsed.length ?? 0
  const requests = Array.from({ length: Math.max(parsed, finals.length) }, (_, n) => ({
    ...ofClient(finals[n], n === finals.length ? interim : []),
    ...ofApplication(log?.events ?? [], n),
  }))
  const garbage = seen.garbage === undefined ? 'none' : 'some'
  // What is answered in the turns before the end is read is answered; all else is of the moment.
  if (halfCloses) return { ...account, garbage, halfCloses, requests }
  return {
    ...account,
    garbage,
    ending: endingOf(seen),
    requests,
  }
}

function ofClient(final, interim) {
  if (final === undefined) return { status: 'none', interim: interim.join() }
  const fields = Object.entries(final.fields).filter(([name]) => !OF_THE_MOMENT.has(name))
  return {
    status: String(final.status),
    interim: final.interim.join(),
    fields: fields
      .map(([name, value]) => `${name}: ${value}`)
      .sort()
      .join('\n'),
    body: final.text,
    whole: String(final.whole),
    keeps: String(!saysClose(final)),
    order: final.fields['x-n'] ?? 'unknown',
  }
}

function ofApplication(events, n) {
  const own = events
    .map((event) => /^([A-Za-z-]+?)(\d+)((?::.*)?)$/s.exec(event))
    .filter((match) => match !== null && Number(match[2]) === n)
  const pick = (names) =>
    own
      .filter(([, name]) => names.includes(name))
      .map(([, name, , rest]) => name + rest)
      .sort()
      .join(' ')
  return {
    dispatched: String(own.filter(([, name]) => name === 'd').length),
    content: pick(['r']),
    events: pick(['E', 'A', 'X', 'Q']),
    response: pick(['f', 'c', 'C']),
    early: own.some(([, name]) => name === 'early'),
    log: pick(['log', 'e']),
    context: pick(['foreign-context']),
  }
}

function endingOf({ stuck, gaveUp, error }) {
  if (stuck) return 'never'
  if (gaveUp) return 'nothing more came'
  return error === undefined ? 'in order' : 'reset'
}

/** Every field that differs: { n, field, plain, ours }; `n` is undefined for the connection's own. */
export function differencesOf(plain, ours) {
  const differences = []
  for (const field of ['process', 'descriptor', 'garbage', 'ending']) {
    if (plain[field] !== ours[field])
      differences.push({ n: undefined, field, plain: plain[field], ours: ours[field] })
  }
  const most = Math.max(plain.requests.length, ours.requests.length)
  for (let n = 0; n < most; n++) {
    const [one, two] = [plain.requests[n] ?? NOTHING, ours.requests[n] ?? NOTHING]
    for (const field of plain.halfCloses ? ['status'] : FIELDS) {
      const [a, b] = [one[field] ?? '', two[field] ?? '']
      if (a !== b) differences.push({ n, field, plain: a, ours: b })
    }
  }
  return differences
}

/** `early` is what other differences are explained with, and none itself. */
const FIELDS = [
  'status',
  'interim',
  'fields',
  'body',
  'whole',
  'keeps',
  'order',
  'dispatched',
  'content',
  'events',
  'response',
  'log',
  'context',
]
/** Of a request that left no trace. */
export const NOTHING = { status: 'none', dispatched: '0' }
