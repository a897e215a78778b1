// The live feed: one row for each outcome, newest first, and three running figures.

import { byId, element, size } from './words.mjs'

const SHOWN = 50
const PATIENCE_MS = 2000

const recent = []
const waiting = new Map()
const figures = { seen: 0, refused: 0, avoided: 0 }

export function openFeed() {
  const source = new EventSource('/outcomes')
  const state = byId('feed-state')
  source.addEventListener('open', () => show(state, 'Live', 'live'))
  source.addEventListener('error', () => show(state, 'Not connected, trying again…', 'lost'))
  source.addEventListener('message', (event) => add(JSON.parse(event.data)))
}

/** What the feed says about an upload whose answer the browser has lost; undefined if nothing. */
export function answerFromFeed(target) {
  return new Promise((resolve) => {
    const known = recent.find((outcome) => outcome.target === target)
    if (known) return resolve(answer(known))
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS)
    waiting.set(target, (outcome) => {
      clearTimeout(timer)
      resolve(answer(outcome))
    })
  })
}

function answer({ status, reason }) {
  return {
    status,
    reason,
    title: status === undefined ? 'The connection was lost' : `The server answered ${status}`,
    details: 'This browser has lost the text of the answer; the status is from the live feed.',
  }
}

function add(outcome) {
  recent.unshift(outcome)
  recent.length = Math.min(recent.length, SHOWN)
  waiting.get(outcome.target)?.(outcome)
  waiting.delete(outcome.target)
  const rows = byId('outcomes')
  rows.querySelector('.empty')?.remove()
  rows.prepend(row(outcome))
  while (rows.children.length > SHOWN) rows.lastElementChild.remove()
  count(outcome)
}

function count(outcome) {
  figures.seen += 1
  if (outcome.status >= 400) figures.refused += 1
  figures.avoided += outcome.avoidedBytes ?? 0
  byId('figure-seen').textContent = figures.seen
  byId('figure-refused').textContent = figures.refused
  byId('figure-avoided').textContent = size(figures.avoided)
  byId('newest').textContent = `${outcome.method} ${pathOf(outcome)}: ${status(outcome)}`
}

function row(outcome) {
  const { at, declaredBytes, avoidedBytes, continueSent, connection } = outcome
  const made = element('tr', 'fresh')
  made.append(
    element('td', 'quiet-text', new Date(at).toLocaleTimeString()),
    element('td', 'request', element('b', '', outcome.method), ` ${pathOf(outcome)}`),
    element('td', '', badge(outcome), element('span', 'reason', outcome.reason ?? '')),
    element('td', 'number', declaredBytes === undefined ? 'unknown' : size(declaredBytes)),
    element('td', 'number', received(outcome)),
    element('td', avoidedBytes ? 'number saved' : 'number', avoided(outcome)),
    element('td', '', continueSent ? 'sent' : 'no'),
    element('td', 'quiet-text', outcome.clientGone ? `${connection}, client gone` : connection),
  )
  return made
}

// What came after a refusal was read and dropped, so that the refusal arrived.
function received({ receivedBytes, lingeredBytes }) {
  const all = element('span', '', size(receivedBytes + lingeredBytes))
  if (lingeredBytes > 0) all.append(element('small', 'below', `${size(lingeredBytes)} dropped`))
  return all
}

// A refused client that did not ask may have sent everything: that is no achievement to show.
function avoided({ avoidedBytes, status, expectation }) {
  if (avoidedBytes === undefined) return '–'
  const didNotAsk = avoidedBytes === 0 && status >= 400 && expectation === 'none'
  return didNotAsk ? 'did not ask' : size(avoidedBytes)
}

function badge(outcome) {
  const kind = outcome.status === undefined ? 'none' : outcome.status >= 400 ? 'no' : 'yes'
  return element('span', `badge ${kind}`, status(outcome))
}

function status(outcome) {
  return outcome.status === undefined ? 'no answer' : String(outcome.status)
}

function pathOf({ target }) {
  return target.split('?')[0]
}

function show(state, text, kind) {
  state.textContent = text
  state.dataset.kind = kind
}
