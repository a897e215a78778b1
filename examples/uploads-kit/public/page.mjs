// Ties the form, the answer, the feed and the command lines together.

import { openFeed } from './feed.mjs'
import { upload } from './upload.mjs'
import { byId, element, size } from './words.mjs'

const form = byId('upload')
const facts = await (await fetch('/demo.json')).json()
let running

form.addEventListener('change', () => {
  byId('own').hidden = form.elements.what.value !== 'own'
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running === undefined) start()
})
byId('cancel').addEventListener('click', () => running?.abort())
showLines()
openFeed()

async function start() {
  const chosen = choose(form.elements.what.value)
  if (chosen === undefined) {
    showAnswer({ title: 'Choose a file first' })
    byId('file').focus()
    return
  }
  running = new AbortController()
  setRunning(true)
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
  byId('cancel').disabled = !isRunning
  if (isRunning) {
    byId('progress').value = 0
    byId('progress-label').textContent = 'Sending…'
    byId('answer').replaceChildren(element('p', 'hint', 'Waiting for the answer…'))
    lastSpoken = 0
  }
}

let lastSpoken = 0

function showProgress(sent, all) {
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
