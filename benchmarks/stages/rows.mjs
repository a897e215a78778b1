// Each stage of a decision by itself, with an expectation and without.

import {
  compilePolicy,
  decide,
  describeError,
  parseExpect,
  parseFraming,
  Refusal,
  renderError,
} from '@expectation/core'
import { requestHeadOf } from '@expectation/core/node'
import { do_not_optimize } from 'mitata'
import { POLICY } from '../servers/application.mjs'

function requestWith(fields) {
  return {
    method: 'PUT',
    url: '/files/a.mp4',
    httpVersion: '1.1',
    httpVersionMajor: 1,
    headers: { host: 'benchmark', 'user-agent': 'benchmark', accept: '*/*', ...fields },
  }
}

const VARIANTS = 8

const content = { 'content-type': 'video/mp4' }
// Several of each, so that nothing is constant for the optimizer.
const REQUESTS = {
  expecting: several((length) => ({
    ...content,
    'content-length': length,
    expect: '100-continue',
  })),
  silent: several((length) => ({ ...content, 'content-length': length })),
  empty: several(() => ({})),
}

function several(fieldsOf) {
  return Array.from({ length: VARIANTS }, (_, at) => requestWith(fieldsOf(String(5_000_000 + at))))
}

export const STAGES = [
  stage('parse `Expect`', ({ headers }) => headers.expect, parseExpect),
  stage('read the head', (request) => request, requestHeadOf),
  stage('read the framing', requestHeadOf, parseFraming),
  stage('decide, every rule on', requestHeadOf, decideByPolicy()),
  stage('make a refusal and its body', requestHeadOf, refuse),
]

function decideByPolicy() {
  const policy = compilePolicy(POLICY)
  return (head) => decide(head, policy)
}

function refuse(head) {
  const refusal = new Refusal(413, { details: { limit: 1, declared: 2 } })
  return renderError(describeError(refusal), head)
}

function stage(title, prepare, run) {
  const measured = {}
  for (const [name, requests] of Object.entries(REQUESTS)) {
    const inputs = requests.map(prepare)
    let at = 0
    measured[name] = () => {
      at = (at + 1) % VARIANTS
      return do_not_optimize(run(inputs[at]))
    }
  }
  return { title, measured }
}
