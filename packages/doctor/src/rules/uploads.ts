// Rules about the verdict on an upload, and about how a refusal travels.

import type { Question } from './questions.js'
import { MOUNT, type Rule } from './rule.js'

const PASSES_ON =
  'HAProxy, Apache httpd and @expectation/gateway pass the question on to the service; put one of them in front of it.'
const HALF_CLOSE =
  'Half-close, read on for a while, then close (RFC 9112 section 9.6). The gate does that for every early answer.'

export const uploadRules = [
  {
    id: 'D101',
    question: 'verdict',
    level: 'fault',
    when: { 'asked.ending': 'none' },
    sentence: 'An upload that asks with Expect: 100-continue gets no answer at all.',
    cause:
      'Something on the way passes the question on and cannot pass the answer back, or waits for more than was announced.',
    remedy: 'Take the proxies away one by one, and see when an answer comes.',
    remedies: {
      nginx: 'Remove proxy_set_header Expect: nginx does not understand the answers to it.',
    },
    page: 'proxies.md',
  },
  {
    id: 'D102',
    question: 'verdict',
    level: 'advice',
    when: { 'asked.ending': 'refused', 'asked.continues': { least: 1 }, 'asked.spent': 'whole' },
    sentence:
      'The whole upload is asked for before it is refused: the refusal came after all of {content.bytes}.',
    cause:
      'Something on the way answers 100 by itself, and takes the upload in before it asks the service.',
    remedy: `Switch request buffering off for uploads. ${PASSES_ON}`,
    remedies: {
      nginx:
        'Set proxy_request_buffering off for uploads; the refusal then comes while content is being sent.',
      express: MOUNT,
      node: MOUNT,
    },
    page: 'proxies.md',
  },
  {
    id: 'D103',
    question: 'verdict',
    level: 'advice',
    when: { 'asked.ending': 'refused', 'asked.continues': { least: 1 } },
    sentence:
      '100 Continue comes before anybody has decided: the refusal came after {asked.sentBytes} of {content.bytes}.',
    cause:
      'Something on the way answers 100 by itself, and never asks the service: nginx, Caddy, lighttpd, h2o, Varnish and plain Node do.',
    remedy: PASSES_ON,
    remedies: {
      nginx: `nginx cannot be told not to. ${PASSES_ON}`,
      express: MOUNT,
      node: MOUNT,
    },
    page: 'proxies.md',
  },
  {
    id: 'D104',
    question: 'verdict',
    level: 'advice',
    when: { 'asked.ending': 'refused', 'asked.silent': true },
    sentence:
      'A client that asks gets no verdict within a second, sends anyway, and is refused after {asked.sentBytes} of {content.bytes}.',
    cause: 'Expect is ignored, or the decision takes longer than clients wait.',
    remedy: 'Let what decides answer from the head, within 800 ms.',
    remedies: { expectation: 'See checkTimeoutMs: a check that takes longer is answered for.' },
    page: 'clients.md',
  },
  {
    id: 'D105',
    question: 'verdict',
    level: 'good',
    when: { 'asked.ending': 'refused', 'asked.spent': 'nothing' },
    sentence: 'An upload that asks is refused before any of it is sent.',
  },
  {
    id: 'D201',
    question: 'sending',
    level: 'fault',
    when: { 'plain.ending': 'none', 'plain.after': 'cut' },
    sentence:
      'A refusal is lost when content is being sent: the connection ends without an answer.',
    cause:
      'A server closes with content unread; TCP then resets the connection, and the answer with it.',
    remedy: HALF_CLOSE,
    page: 'delivery.md',
  },
  {
    id: 'D202',
    question: 'sending',
    level: 'fault',
    when: { 'plain.ending': 'none' },
    sentence: 'An upload without Expect gets no answer.',
    cause: 'Somebody waits for what nobody sends.',
    remedy: 'Ask the servers on the way directly, from the last to the first.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D205',
    question: 'sending',
    level: 'fault',
    when: { 'plain.status': { least: 500 }, 'asked.status': { most: 499 } },
    sentence:
      'When content is being sent the answer is {plain.status}, and to a client that asks it is {asked.status}.',
    cause:
      'A service closes with content unread, and a proxy finds its connection reset before it reads the answer that lies there; or the service fails when it reads.',
    remedy: HALF_CLOSE,
    page: 'delivery.md',
  },
  {
    id: 'D203',
    question: 'sending',
    level: 'advice',
    when: { 'plain.ending': 'refused', 'plain.spent': 'whole' },
    sentence:
      'Clients that do not ask, browsers among them, send the whole upload before it is refused.',
    cause:
      'Something on the way takes the whole upload in, or the service reads it before it decides.',
    remedy: 'Switch request buffering off for uploads, and decide before content is read.',
    remedies: {
      nginx: 'Set proxy_request_buffering off for uploads.',
      apache:
        'Apache httpd reads on by itself while it relays; HAProxy and @expectation/gateway do not.',
      express: MOUNT,
      node: MOUNT,
    },
    page: 'proxies.md',
  },
  {
    id: 'D204',
    question: 'sending',
    level: 'good',
    when: { 'plain.ending': 'refused' },
    sentence: 'A refusal arrives while content is being sent.',
  },
  {
    id: 'D301',
    question: 'blind',
    level: 'fault',
    when: { 'blind.ending': 'none', 'blind.after': 'cut' },
    sentence:
      'A client that writes everything before it reads never sees the refusal: the connection is reset.',
    cause:
      'A server closes with content unread. What the client writes then fails, and takes the answer with it (nodejs/node#12339).',
    remedy:
      'Half-close, read on for a while, then close (RFC 9112 section 9.6). The gate does that. A client of your own: EarlyAnswerAgent of @expectation/client.',
    page: 'delivery.md',
  },
  {
    id: 'D303',
    question: 'blind',
    level: 'fault',
    when: { 'blind.ending': 'none' },
    sentence: 'A client that writes everything before it reads gets no answer.',
    cause: 'Somebody waits for what nobody sends, or does not read what was sent.',
    remedy: 'Ask the servers on the way directly, from the last to the first.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D304',
    question: 'blind',
    level: 'fault',
    when: { 'blind.status': { least: 500 }, 'plain.status': { most: 499 } },
    sentence:
      'A client that writes everything before it reads is answered with {blind.status}, where one that reads while it sends is answered with {plain.status}.',
    cause:
      'A service closes with content unread, and a proxy finds its connection reset before it reads the answer that lies there; or the service fails when it reads so much.',
    remedy: HALF_CLOSE,
    page: 'delivery.md',
  },
  {
    id: 'D302',
    question: 'blind',
    level: 'good',
    when: { 'blind.ending': ['refused', 'redirected'] },
    sentence: 'A refusal reaches clients that write everything before they read.',
  },
  {
    id: 'D501',
    question: 'next',
    level: 'fault',
    when: { 'next.worst': 'lost' },
    sentence: 'A connection that is kept after {next.after} loses its next request.',
    cause:
      'The content of a request that was answered from the head is not read to its end, so what follows it is never reached.',
    remedy: 'Close after an early answer, or read the content to its end.',
    remedies: { express: MOUNT, node: MOUNT },
    page: 'delivery.md',
  },
  {
    id: 'D502',
    question: 'next',
    level: 'advice',
    when: { 'next.worst': 'closed' },
    sentence:
      'A connection that is said to be kept after {next.after} closes when the announced content comes.',
    cause:
      'The answer does not say Connection: close, and the server ends the connection all the same: the next request of a pool fails.',
    remedy: 'Say Connection: close in answers that leave content unread (RFC 9112 section 9.3).',
    page: 'delivery.md',
  },
  {
    id: 'D506',
    question: 'next',
    level: 'fault',
    when: { 'next.worst': 'answered', 'next.owes': true, 'next.after': 417 },
    sentence:
      'A kept connection loses its next request after 417: its content is owed, and a client that sends again, as 417 asks, is taken for it.',
    cause:
      'The answer does not say Connection: close, so what comes next is content (RFC 9112 section 6). Plain Node answers 417 like this, below every framework.',
    remedy: 'Say Connection: close in answers that leave content unread (RFC 9110 section 10.1.1).',
    remedies: { express: MOUNT, node: MOUNT },
    page: 'delivery.md',
  },
  {
    id: 'D505',
    question: 'next',
    level: 'fact',
    when: { 'next.worst': 'answered', 'next.owes': true },
    sentence:
      'A connection is kept after {next.after} although its content is owed: clients have to send it, or the next request is taken for it.',
    page: 'delivery.md',
  },
  {
    id: 'D503',
    question: 'next',
    level: 'good',
    when: { 'next.worst': 'answered' },
    sentence: 'A connection that is kept answers the next request.',
  },
  {
    id: 'D504',
    question: 'next',
    level: 'good',
    when: { 'next.worst': 'not kept' },
    sentence: 'Connections with unread content are closed, so none is left in disorder.',
  },
] as const satisfies readonly Rule<Question>[]
