// Rules about what is around an upload: the address, the connections, limits, owed bytes.

import type { Question } from './questions.js'
import type { Rule } from './rule.js'

export const surroundingRules = [
  {
    id: 'D1701',
    question: 'target',
    level: 'fault',
    when: { 'target.accepted': { least: 200 } },
    sentence:
      'An upload {target.upload} to an address that nobody has made was accepted with {target.accepted}, and may have been stored. No more was sent.',
    cause:
      'The service takes uploads at any address, without credentials or with those that were given.',
    remedy: 'Remove what was stored, and name an address that refuses.',
    page: 'doctor.md',
  },
  {
    id: 'D1702',
    question: 'target',
    level: 'advice',
    when: { 'asked.ending': 'redirected' },
    sentence:
      'Uploads are redirected to {target.location}; this report is about the server that redirects.',
    cause:
      'The address is not the one that takes uploads. Many clients do not send an upload again.',
    remedy: 'Examine the address that it is redirected to.',
    page: 'doctor.md',
  },
  {
    id: 'D1703',
    question: 'target',
    level: 'fault',
    when: { 'answers.malformed': true },
    sentence: 'An answer is not HTTP/1.1: {answers.why}.',
    cause: 'Clients that read strictly give such an answer up, and may close the connection.',
    remedy: 'Look at the bytes with --explain, and mend the server that sends them.',
    page: 'doctor.md',
  },
  {
    id: 'D1801',
    question: 'there',
    level: 'fault',
    when: { 'connections.failed': { least: 1 } },
    sentence:
      'Connections fail in the middle of a run ({connections.why}): {connections.not} could not be asked, although requests before it were answered.',
    cause:
      'The server has ended or starts again, or something on the way takes no more connections: a limit, a firewall.',
    remedy: 'Look at the log of the server at that time, then run the doctor again.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D1802',
    question: 'there',
    level: 'fault',
    when: {
      'asked.status': [502, 503, 504],
      'plain.status': [502, 503, 504],
      'plain.words': 'other',
    },
    sentence:
      'Uploads are answered with {plain.status}, whether they ask or not: whoever answers did not reach the service, and this report is about what stands before it.',
    cause: 'The service behind a proxy has ended or is at another address, or takes nothing now.',
    remedy: 'Start the service, and see that the proxy reaches it; then run the doctor again.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D901',
    question: 'limit',
    level: 'fact',
    when: { 'huge.status': 413, 'huge.words': 'other' },
    sentence:
      'A limit stands before the service: 100 TB are refused with 413, in words that are not those of the gate.',
    page: 'proxies.md',
  },
  {
    id: 'D902',
    question: 'limit',
    level: 'advice',
    when: { 'huge.ending': 'none', 'huge.continues': { least: 1 } },
    sentence: '100 TB are asked for: nobody looks at the declared length before content is sent.',
    cause: 'Something answers 100 by itself, and there is no limit before it.',
    remedy: 'Set a limit where uploads come in.',
    remedies: {
      nginx: 'Set client_max_body_size.',
      express: 'Set maxContentLength of the gate.',
      node: 'Set maxContentLength of the gate.',
    },
    page: 'options.md',
  },
  {
    id: 'D905',
    question: 'limit',
    level: 'advice',
    when: { 'huge.ending': 'none', 'huge.after': 'cut' },
    sentence:
      'An upload that announces 100 TB is not answered: the connection ends in place of a refusal.',
    cause: 'Somebody on the way closes or resets in place of an answer, so clients try again.',
    remedy: 'Answer 413 from the head (RFC 9110 section 15.5.14).',
    page: 'options.md',
  },
  {
    id: 'D903',
    question: 'limit',
    level: 'fact',
    when: { 'huge.ending': 'none' },
    sentence: 'An upload that announces 100 TB gets no verdict within a second.',
    page: 'options.md',
  },
  {
    id: 'D904',
    question: 'limit',
    level: 'good',
    when: { 'huge.ending': ['refused', 'redirected'] },
    sentence: 'An upload that announces 100 TB is refused from its head, with {huge.status}.',
  },
  {
    id: 'D1201',
    question: 'told',
    level: 'good',
    when: { 'limits.told': true },
    sentence: 'OPTIONS tells what an upload has to be: {limits.fields}.',
  },
  {
    id: 'D1202',
    question: 'told',
    level: 'fact',
    when: { 'limits.told': false },
    sentence: 'OPTIONS does not tell what an upload has to be.',
    page: 'options.md',
  },
  {
    id: 'D1601',
    question: 'desync',
    level: 'fault',
    when: { 'desync.next': 'answered' },
    sentence: 'Bytes in the place of owed content are answered as a request.',
    cause:
      'After an early answer the server forgets that content was announced. A front end that has not forgotten it takes the answer for that of somebody else.',
    remedy: 'Close after an early answer, or read the content to its end (RFC 9112 section 9.3).',
    page: 'delivery.md',
  },
  {
    id: 'D1602',
    question: 'desync',
    level: 'good',
    when: { 'desync.next': ['closed', 'lost'] },
    sentence: 'Bytes in the place of owed content are never taken for a request.',
  },
  {
    id: 'D1603',
    question: 'desync',
    level: 'fact',
    when: { 'desync.ending': 'none' },
    sentence:
      'An upload that asks is not answered before content, so nothing could be sent in its place.',
  },
] as const satisfies readonly Rule<Question>[]
