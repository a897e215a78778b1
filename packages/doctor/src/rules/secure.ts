// Rules about TLS, its certificate, and HTTP/2, which is offered with it.

import type { Question } from './questions.js'
import type { Rule } from './rule.js'

export const secureRules = [
  {
    id: 'D1401',
    question: 'tls',
    level: 'advice',
    when: { 'tls.trusted': false },
    sentence: 'The certificate is not trusted: {tls.untrusted}.',
    cause:
      'It is self-signed, of an authority that this machine does not know, for another name, or not valid at this time.',
    remedy: 'Install a certificate that clients trust, with the whole chain.',
    page: 'doctor.md',
  },
  {
    id: 'D1404',
    question: 'renewal',
    level: 'fault',
    when: { 'tls.daysLeft': { most: -1 } },
    sentence: 'The certificate has expired: clients end the connection before they ask anything.',
    cause: 'Its renewal has not happened, or the server has not loaded the new one.',
    remedy: 'Renew it, and let the server load it.',
    page: 'doctor.md',
  },
  {
    id: 'D1402',
    question: 'renewal',
    level: 'advice',
    when: { 'tls.daysLeft': { most: 13 } },
    sentence: 'The certificate ends in {tls.daysLeft} days.',
    cause: 'Its renewal has not happened.',
    remedy: 'Renew it.',
    page: 'doctor.md',
  },
  {
    id: 'D1403',
    question: 'tls',
    level: 'good',
    when: { 'tls.trusted': true },
    sentence: '{tls.protocol}, with a certificate that is trusted for {tls.daysLeft} days more.',
  },
  {
    id: 'D1501',
    question: 'http2',
    level: 'fault',
    when: { 'http2.ending': 'none' },
    sentence: 'Over HTTP/2 an upload that asks gets no answer.',
    cause: 'The stream was reset, or nobody answers on it.',
    remedy: 'Look at the log of the server that speaks HTTP/2 to clients.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D1502',
    question: 'http2',
    level: 'advice',
    when: { 'http2.ending': 'refused', 'http2.sentBytes': { least: 1 } },
    sentence: 'Over HTTP/2 the refusal came after {http2.sentBytes} of {content.bytes}.',
    cause:
      'Something answers 100 by itself, or nobody answers within a second: few servers know Expect over HTTP/2.',
    remedy:
      'A refusal costs no connection here, so the waste is small. @expectation/core attaches to HTTP/2 servers, too.',
    page: 'wire-behaviour.md',
  },
  {
    id: 'D1503',
    question: 'http2',
    level: 'good',
    when: { 'http2.ending': ['refused', 'redirected'] },
    sentence: 'Over HTTP/2 an upload that asks is refused before any of it is sent.',
  },
  {
    id: 'D1504',
    question: 'http2',
    level: 'fact',
    when: { 'tls.alpn': ['http/1.1', 'none'] },
    sentence: 'HTTP/2 is not offered.',
  },
] as const satisfies readonly Rule<Question>[]
