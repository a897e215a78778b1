// Ties the form, the answer, the feed and the command lines together.

import { openFeed } from './feed.mjs'
import { askFirst, upload } from './upload.mjs'
import { byId, element, size } from './words.mjs'

const form = byId('upload')
const facts = await (await fetch('/demo.json')).json()
let running
/** Bytes that the browser has sent of the upload that runs. */
let sent = 0

form.addEventListener('change', () => {
  byId('own').hidden = form.elements.what.value !== 'own'
  // What is said below was about another upload.
  forget()
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running === undefined) start()
})
byId('ask').addEventListener('click', () => {
  if (running === undefined) ask()
})
byId('cancel').addEventListener('click', () => running?.abort())
showLines()
openFeed()

async function start() {
  const chosen = chosenOrAsk()
  if (chosen === undefined) return
  running = new AbortController()
  setRunning(true)
  sent = 0
  const answer = await upload({
    path: `/files/${encodeURIComponent(chosen.name)}`,
    content: chosen.content,
    token: tokens[form.elements.token.value],
    signal: running.signal,
    onProgress: showProgress,
  })
  running = undefined
  setRunning(false)
  showAnswer(answer)
  // A full bar beside a refusal would look like a success.
  byId('sending').hidden = answer.status >= 400
  compare('browser', answer.status, sent, chosen.content.size)
}

async function ask() {
  const chosen = chosenOrAsk()
  if (chosen === undefined) return
  running = new AbortController()
  setRunning(true)
  byId('sending').hidden = true
  const { content } = chosen
  const answer = await askFirst({ content, token: tokens[form.elements.token.value] })
  running = undefined
  setRunning(false)
  showAnswer(answer ?? { title: 'The service could not ask itself' })
  if (answer !== undefined) compare('asking', answer.status, answer.sentBytes, content.size)
}

/** What both have sent of the same upload, and what for. */
function compare(who, status, bytes, all) {
  const refused = status >= 400
  const of = `${size(bytes)} of ${size(all)}`
  const purpose = !refused ? '' : bytes > 0 ? ', thrown away by the server' : ', and has its answer'
  byId('compared').hidden = false
  byId(`sent-${who}`).textContent = of + purpose
  byId(`sent-${who}`).dataset.kind = refused && bytes > 0 ? 'no' : 'yes'
}

function forget() {
  if (running !== undefined) return
  const unknown = { browser: 'press Upload', asking: 'press Send with Expect' }
  for (const [who, what] of Object.entries(unknown)) {
    byId(`sent-${who}`).textContent = what
    delete byId(`sent-${who}`).dataset.kind
  }
  byId('compared').hidden = true
}

function chosenOrAsk() {
  const chosen = choose(form.elements.what.value)
  if (chosen !== undefined) return chosen
  showAnswer({ title: 'Choose a file first' })
  byId('file').focus()
  return undefined
}

const tokens = { right: facts.token, wrong: 'not-the-token', none: undefined }

function choose(what) {
  if (what === 'own') {
    const [file] = byId('file').files
    return file && { name: file.name.replace(/[^A-Za-z0-9._-]+/g, '-'), content: withType(file) }
  }
  if (what === 'text') return made('notes.txt', 'text/plain', 2_000)
  return made('clip.mp4', 'video/mp4', what === 'large' ? 40_000_000 : 20_000_000)
}

function made(name, type, bytes) {
  return { name, content: new Blob([new Uint8Array(bytes)], { type }) }
}

// A file whose type the browser does not know is sent as what it is: bytes.
function withType(file) {
  return file.type === '' ? file.slice(0, file.size, 'application/octet-stream') : file
}

function setRunning(isRunning) {
  byId('start').disabled = isRunning
  byId('ask').disabled = isRunning
  byId('cancel').disabled = !isRunning
  if (!isRunning) return
  byId('sending').hidden = false
  byId('progress').value = 0
  byId('progress-label').textContent = 'Sending…'
  byId('answer').replaceChildren(element('p', 'hint', 'Waiting for the answer…'))
  // The colour of the answer before would be about this one.
  delete byId('answer').dataset.kind
  lastSpoken = 0
  // On a phone the answer lies below the form.
  byId('answer').scrollIntoView({ block: 'center' })
}

let lastSpoken = 0

function showProgress(now, all) {
  sent = now
  byId('progress').value = sent / all
  byId('progress-label').textContent = `The browser has sent ${size(sent)} of ${size(all)}`
  // A screen reader hears each quarter once, not every packet.
  const quarter = Math.floor((sent / all) * 4)
  if (quarter <= lastSpoken) return
  lastSpoken = quarter
  byId('spoken').textContent = `${quarter * 25} percent sent`
}

function showAnswer({ status, title, reason, details }) {
  const kind = status === undefined ? 'none' : status < 400 ? 'yes' : 'no'
  const headline = element('p', 'headline')
  if (status !== undefined) headline.append(element('span', `badge ${kind}`, String(status)), ' ')
  headline.append(title)
  const parts = [headline]
  if (details) parts.push(element('p', 'details', details))
  if (reason) parts.push(element('p', 'hint', 'reason: ', element('code', '', reason)))
  byId('answer').replaceChildren(...parts)
  byId('answer').dataset.kind = kind
}

function showLines() {
  const files = { title: 'Two files to send', command: facts.makeFiles }
  byId('lines').append(...[files, ...facts.curlLines].map(line))
}

function line({ title, status, command }) {
  const text = command.replaceAll('{origin}', location.origin)
  const copy = element('button', 'quiet', 'Copy')
  copy.type = 'button'
  copy.setAttribute('aria-label', `Copy the line: ${title}`)
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text)
    byId('copied').textContent = `Copied: ${title}`
    copy.textContent = 'Copied'
    setTimeout(() => {
      copy.textContent = 'Copy'
    }, 1500)
  })
  const label = element('div', 'line-title', title)
  if (status)
    label.append(' ', element('span', `badge ${status < 400 ? 'yes' : 'no'}`, String(status)))
  return element('li', '', label, copy, element('pre', '', element('code', '', text)))
}
