// One upload. Always ends with something to show: the server's own answer, or, should the browser
// have lost it, what the live feed says about it.

import { answerFromFeed } from './feed.mjs'
import { exactSize } from './words.mjs'

/**
 * Calls `onProgress(sentBytes, allBytes)`; resolves with { status, title, details, reason }.
 * `signal` cuts the upload off.
 */
export async function upload({ path, content, token, signal, onProgress }) {
  // Tells this upload from others in the feed.
  const target = `${path}?try=${Math.random().toString(36).slice(2)}`
  const answer = await send({ target, content, token, signal, onProgress })
  if (answer !== undefined) return answer
  return (
    (await answerFromFeed(target)) ?? {
      title: 'The server could not be reached',
      details: 'Is it still running? Start it again with npm start, then reload this page.',
    }
  )
}

/** The same upload by a client that asks first: { status, sentBytes, … }; undefined when it failed. */
export async function askFirst({ content, token }) {
  const asked = new URLSearchParams({ bytes: content.size, type: content.type, token: token ?? '' })
  try {
    const response = await fetch(`/ask?${asked}`, { method: 'POST' })
    if (!response.ok) return undefined
    const { status, sentBytes, answer } = await response.json()
    return {
      ...readAnswer({ status, statusText: String(status), responseText: answer }),
      sentBytes,
    }
  } catch {
    return undefined
  }
}

// XMLHttpRequest, because fetch does not tell how much of the content has been sent.
function send({ target, content, token, signal, onProgress }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('PUT', target)
    request.setRequestHeader('Accept', 'application/json')
    if (token !== undefined) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded, event.total))
    request.addEventListener('load', () => resolve(readAnswer(request)))
    request.addEventListener('error', () => resolve(undefined))
    request.addEventListener('abort', () => resolve(cutOff))
    signal.addEventListener('abort', () => request.abort())
    request.send(content)
  })
}

const cutOff = {
  title: 'You cut the upload off',
  details: 'The server has thrown away what had arrived of it. See the feed below.',
}

function readAnswer({ status, statusText, responseText }) {
  const answer = parse(responseText)
  if (status < 400) {
    return {
      status,
      title: answer?.replaced ? 'Stored, the older file is replaced' : 'Stored',
      details: answer ? `${answer.name}, SHA-256 ${answer.sha256}` : responseText,
    }
  }
  const { message, reason, details } = answer?.error ?? {}
  return { status, title: message ?? statusText, reason, details: asText(details) }
}

function asText(details) {
  if (details === undefined || typeof details === 'string') return details
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? exactSize(value) : value}`)
    .join(', ')
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
