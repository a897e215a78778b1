// Rules about how the field is read, and about the answers that only it brings about.

import type { Question } from './questions.js'
import type { Rule } from './rule.js'

export const expectationRules = [
  {
    id: 'D401',
    question: 'unknown',
    level: 'fault',
    when: { 'unknown.ending': 'none' },
    sentence: 'A request with an expectation that nobody knows gets no answer.',
    cause: 'Something on the way waits for an answer that does not come.',
    remedy: 'Answer 417, or ignore the field (RFC 9110 section 10.1.1).',
    page: 'troubleshooting.md',
  },
  {
    id: 'D402',
    question: 'unknown',
    level: 'advice',
    when: { 'unknown.status': 417, 'unknown.silent': true },
    sentence: 'The 417 to an expectation that nobody knows comes only after the content was sent.',
    cause: 'Apache httpd, for one, reads the content before it refuses.',
    remedy: 'Nothing is lost; clients that wait for the verdict lose a second.',
    page: 'proxies.md',
  },
  {
    id: 'D403',
    question: 'unknown',
    level: 'fact',
    when: { 'unknown.status': 417, 'unknown.words': 'other' },
    sentence:
      'A server in front of the service, or its framework, answers 417; a service with the gate never sees such requests.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D404',
    question: 'unknown',
    level: 'good',
    when: { 'unknown.status': 417, 'unknown.words': 'expectation' },
    sentence: 'Expect reaches the service: it answers 417 by itself, with the reason.',
  },
  {
    id: 'D405',
    question: 'unknown',
    level: 'fact',
    when: { 'unknown.ignored': true },
    sentence:
      'An expectation that nobody knows is ignored: Expect is taken away on the way, or the service does not look at it.',
    page: 'proxies.md',
  },
  {
    id: 'D406',
    question: 'unknown',
    level: 'fact',
    when: { 'unknown.ignored': false },
    sentence:
      'An expectation that nobody knows is answered with {unknown.status}, and an upload without one with {plain.status}.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D601',
    question: 'matching',
    level: 'fault',
    when: { 'loose.continues': { least: 1 } },
    sentence: 'Expect: y 100-continue is answered with 100, although it asks for something else.',
    cause:
      'The field is searched for a word and not read by its grammar, as plain Node does. Two servers that read it differently are what request smuggling is made of.',
    remedy:
      'Read the list by its grammar, and answer 417 to what is unknown (RFC 9110 section 10.1.1). The gate does that.',
    page: 'wire-behaviour.md',
  },
  {
    id: 'D602',
    question: 'matching',
    level: 'good',
    when: { 'loose.continues': 0 },
    sentence: 'What only looks like 100-continue brings no 100.',
  },
  {
    id: 'D701',
    question: 'http10',
    level: 'fault',
    when: { 'http10.interim': { least: 1 } },
    sentence: 'An HTTP/1.0 client gets an interim answer, which it takes for the final one.',
    cause: 'RFC 9110 section 15.2 forbids 1xx to HTTP/1.0 clients.',
    remedy: 'Update the server that answers 100: h2o 2.2 and Caddy 2.6 do this.',
    page: 'proxies.md',
  },
  {
    id: 'D702',
    question: 'http10',
    level: 'fault',
    when: { 'http10.ending': 'none' },
    sentence: 'An HTTP/1.0 upload with Expect gets no answer.',
    cause:
      'The field is passed on, and its answer is waited for, although HTTP/1.0 has no interim answers.',
    remedy: 'Ignore the field in HTTP/1.0 requests (RFC 9110 section 10.1.1).',
    remedies: { nginx: 'Remove proxy_set_header Expect.' },
    page: 'proxies.md',
  },
  {
    id: 'D703',
    question: 'http10',
    level: 'good',
    when: { 'http10.interim': 0 },
    sentence: 'HTTP/1.0 clients get no interim answer.',
  },
  {
    id: 'D801',
    question: 'empty',
    level: 'fault',
    when: { 'get.ending': 'none' },
    sentence: 'A GET with Expect gets no final answer.',
    cause: 'Somebody waits for content that was never announced.',
    remedy: 'Ignore 100-continue in requests without content (RFC 9110 section 10.1.1).',
    page: 'wire-behaviour.md',
  },
  {
    id: 'D802',
    question: 'empty',
    level: 'fact',
    when: { 'get.continues': { least: 1 } },
    sentence: 'A GET with Expect is told to send content that it does not have.',
    page: 'wire-behaviour.md',
  },
  {
    id: 'D803',
    question: 'empty',
    level: 'fact',
    when: { 'get.status': [400, 411, 417] },
    sentence: 'A GET with Expect is refused with {get.status}, as clients must not send it.',
    page: 'wire-behaviour.md',
  },
  {
    id: 'D804',
    question: 'empty',
    level: 'good',
    when: { 'get.continues': 0 },
    sentence: 'A request without content is answered as if it had not asked.',
  },
  {
    id: 'D1001',
    question: 'twice',
    level: 'advice',
    when: { 'continues.most': { least: 2 } },
    sentence: 'Two hops answer 100: a client got {continues.most} of them for one request.',
    cause:
      'A proxy answers by itself and relays the answer of the service too: Caddy and others built on Go do. Some clients take the second one for a fault.',
    remedy: 'Update the proxy, or let one of them answer.',
    page: 'proxies.md',
  },
  {
    id: 'D1002',
    question: 'twice',
    level: 'good',
    when: { 'continues.most': 1 },
    sentence: 'One hop alone answers 100.',
  },
  {
    id: 'D1101',
    question: 'change',
    level: 'fault',
    when: { 'expect.changes': 'blocked' },
    sentence:
      'A request is blocked with 403 because of Expect: without it, it is answered with {plain.status}.',
    cause:
      'A rule of a web application firewall; the OWASP Core Rule Set restricts the field from version 4.20 on.',
    remedy:
      'Take expect out of tx.restricted_headers_basic, or leave the field out in clients: every rule holds without it.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D1102',
    question: 'change',
    level: 'fault',
    when: { 'expect.changes': 'failed' },
    sentence:
      'A request fails with {asked.status} because of Expect: without it, it is answered with {plain.status}.',
    cause:
      'A proxy whose HTTP client refuses the field: undici does, and with it @fastify/http-proxy and @fastify/reply-from.',
    remedy: 'Give the plugin undici: dispatcher() of @expectation/gateway.',
    page: 'gateway.md',
  },
  {
    id: 'D1106',
    question: 'change',
    level: 'fault',
    when: { 'expect.changes': 'failed once' },
    sentence:
      'An upload that asks fails with {asked.status}, where one with the same field over HTTP/1.0 is answered with {http10.status}, and one without it with {plain.status}.',
    cause:
      'Often a matter of moments: a service closes with content unread, and a proxy finds its connection reset before it reads the answer that lies there.',
    remedy:
      'Half-close, read on for a while, then close (RFC 9112 section 9.6). The gate does that for every early answer. Run the doctor again: what fails each time is Expect itself.',
    page: 'delivery.md',
  },
  {
    id: 'D1103',
    question: 'change',
    level: 'advice',
    when: { 'expect.changes': 'declined' },
    sentence:
      '100-continue itself is answered with 417: clients that ask have to send everything again.',
    cause:
      'The service does not negotiate (acceptContinue: false), or a server in front of it refuses the field.',
    remedy: 'Negotiate, or leave the field out in clients.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D1104',
    question: 'change',
    level: 'fact',
    when: { 'expect.changes': 'status' },
    sentence: 'With Expect the answer is {asked.status}, and without it {plain.status}.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D1105',
    question: 'change',
    level: 'good',
    when: { 'expect.changes': 'nothing' },
    sentence: 'Asking changes nothing but the time of the answer: {asked.status} either way.',
  },
] as const satisfies readonly Rule<Question>[]
