// Rules about the answers of an origin behind a proxy: which arrive, and what becomes of the connection. Of a
// request that the origin never got they say nothing: the proxy has answered it by itself.

import type { BehindQuestion } from './behind-questions.js'
import type { Rule } from './rule.js'

const NO_INTERIM = 'Send no interim answer of your own behind it: no 103 Early Hints, no 104.'
const OFF = 'Switch request buffering off for uploads.'

export const behindAnswerRules: readonly Rule<BehindQuestion>[] = [
  {
    id: 'B501',
    question: 'interim',
    level: 'fault',
    when: { 'early.reached': true, 'early.ending': 'none' },
    sentence:
      'An interim answer that was not asked for (103, 104, 102) makes the proxy hang: the final one never arrives.',
    cause: 'The proxy takes the interim answer for the final one. nginx 1.22 does.',
    remedy: NO_INTERIM,
    page: 'proxies.md',
  },
  {
    id: 'B502',
    question: 'interim',
    level: 'fault',
    when: {
      'accepted.ending': ['accepted', 'none'],
      'early.reached': true,
      'early.ending': ['refused', 'malformed', 'redirected'],
    },
    sentence:
      'An interim answer that was not asked for (103, 104, 102) becomes {early.status} for the client.',
    cause: 'The proxy takes it for a fault of the origin. Varnish 7.1 does.',
    remedy: NO_INTERIM,
    page: 'proxies.md',
  },
  {
    id: 'B503',
    question: 'interim',
    level: 'fact',
    when: { 'early.reached': true, 'early.ending': 'accepted', 'early.swallowed': true },
    sentence:
      'Interim answers are not passed on: of 103, 104 and 102 the client saw {early.passed}.',
  },
  {
    id: 'B504',
    question: 'interim',
    level: 'good',
    when: { 'early.reached': true, 'early.ending': 'accepted' },
    sentence: 'Interim answers are passed on: the client saw {early.passed}.',
  },
  {
    id: 'B601',
    question: 'quiet',
    level: 'fault',
    when: { 'quiet.reached': true, 'quiet.ending': 'none', 'quiet.originTotal': 0 },
    sentence:
      'While the origin sends no 100, no content reaches it, although the client has sent everything.',
    cause: 'The proxy asks the origin and waits for its 100 without end.',
    remedy: 'Let the origin answer 100 as soon as it reads.',
    remedies: {
      apache: 'Set Proxy100Continue Off for origins that do not know Expect.',
    },
    page: 'proxies.md',
  },
  {
    id: 'B602',
    question: 'quiet',
    level: 'fault',
    when: {
      'accepted.ending': ['accepted', 'none'],
      'quiet.reached': true,
      'quiet.ending': ['none', 'refused', 'malformed'],
    },
    sentence: 'An upload to an origin that sends no 100 does not succeed.',
    cause: 'The proxy needs the 100.',
    remedy: 'Let the origin answer 100 as soon as it reads.',
    page: 'proxies.md',
  },
  {
    id: 'B603',
    question: 'quiet',
    level: 'good',
    when: { 'quiet.reached': true, 'quiet.ending': 'accepted', 'quiet.silent': true },
    sentence: 'While the origin says nothing, so does the proxy: the client decides when to send.',
  },
  {
    id: 'B604',
    question: 'quiet',
    level: 'good',
    when: { 'quiet.reached': true, 'quiet.ending': 'accepted' },
    sentence: 'While the origin says nothing, the proxy asks for the content.',
  },
  {
    id: 'B701',
    question: 'doubled',
    level: 'fault',
    when: {
      'accepted.ending': ['accepted', 'none'],
      'twice.reached': true,
      'twice.ending': ['none', 'refused', 'malformed'],
    },
    sentence: 'A 100 that the origin sends twice, or without being asked, breaks the exchange.',
    cause: 'The proxy takes one of them for the final answer.',
    remedy: 'Send one 100, and only to requests that ask for it.',
    page: 'proxies.md',
  },
  {
    id: 'B702',
    question: 'doubled',
    level: 'advice',
    when: { 'twice.reached': true, 'twice.continues': { least: 3 } },
    sentence:
      'The client gets {twice.continues} times 100: one of the proxy, and each of the origin.',
    cause: 'The proxy answers by itself and relays what the origin sends.',
    remedy: 'Update the proxy, or let one of them answer.',
    page: 'proxies.md',
  },
  {
    id: 'B703',
    question: 'doubled',
    level: 'fact',
    when: { 'twice.reached': true, 'twice.continues': 2 },
    sentence: 'A 100 that the origin sends twice reaches the client twice.',
  },
  {
    id: 'B704',
    question: 'doubled',
    level: 'good',
    when: { 'twice.reached': true, 'twice.ending': 'accepted' },
    sentence: 'The client gets one 100, however often the origin sends it.',
  },
  {
    id: 'B801',
    question: 'midway',
    level: 'fault',
    when: { 'midway.reached': true, 'midway.ending': ['none', 'malformed'] },
    sentence: 'A refusal in the middle of the content is lost.',
    cause: 'The proxy gives up when the origin stops reading.',
    remedy: 'Read on for a while after an early answer, as the gate does.',
    page: 'delivery.md',
  },
  {
    id: 'B802',
    question: 'midway',
    level: 'fault',
    when: {
      'accepted.ending': ['accepted', 'none'],
      'midway.reached': true,
      'midway.status': { least: 500 },
    },
    sentence: 'A refusal in the middle of the content becomes {midway.status}.',
    cause: 'The proxy takes an answer before the end of the content for a fault of the origin.',
    remedy: 'Read on for a while after an early answer, as the gate does.',
    page: 'delivery.md',
  },
  {
    id: 'B803',
    question: 'midway',
    level: 'advice',
    when: { 'midway.reached': true, 'midway.ending': 'refused', 'midway.spent': 'whole' },
    sentence: 'A refusal in the middle of the content arrives after all of it was sent.',
    cause: 'The proxy takes the whole upload in, or does not look at the answer while it sends.',
    remedy: OFF,
    page: 'proxies.md',
  },
  {
    id: 'B804',
    question: 'midway',
    level: 'good',
    when: { 'midway.reached': true, 'midway.status': 413 },
    sentence: 'A refusal in the middle of the content arrives, after {midway.sentBytes}.',
  },
  {
    id: 'B901',
    question: 'rude',
    level: 'fault',
    when: { 'rude.reached': true, 'rude.ending': ['none', 'malformed'] },
    sentence: 'The answer of an origin that closes at once is lost.',
    cause: 'The proxy gives the answer up when its next write fails.',
    remedy: 'Let the origin half-close and read on, as the gate does.',
    page: 'delivery.md',
  },
  {
    id: 'B902',
    question: 'rude',
    level: 'fault',
    when: { 'unasked.status': { most: 499 }, 'rude.reached': true, 'rude.status': { least: 500 } },
    sentence: 'The answer of an origin that closes at once becomes {rude.status}.',
    cause: 'The proxy finds its connection reset before it reads the answer that lies there.',
    remedy: 'Let the origin half-close and read on, as the gate does.',
    page: 'delivery.md',
  },
  {
    id: 'B903',
    question: 'rude',
    level: 'good',
    when: { 'rude.reached': true, 'rude.status': 413 },
    sentence: 'The answer of an origin that closes at once arrives.',
  },
  {
    id: 'B1001',
    question: 'reuse',
    level: 'fault',
    when: { 'kept.reached': true, 'kept.nextStatus': { least: 500 } },
    sentence:
      'After a refusal that keeps the connection the next request fails with {kept.nextStatus}.',
    cause: 'The proxy sends it on a connection where content is owed.',
    remedy: 'Let the origin close after an early answer, as the gate does.',
    page: 'delivery.md',
  },
  {
    id: 'B1002',
    question: 'reuse',
    level: 'fault',
    when: { 'kept.reached': true, 'kept.next': ['lost', 'closed'] },
    sentence: 'After a refusal that keeps the connection the next request is lost.',
    cause:
      'The proxy stops reading content that the origin no longer takes, so what comes behind it is never reached. Proxies on plain Node do.',
    remedy: 'Let the origin close after an early answer, as the gate does.',
    page: 'delivery.md',
  },
  {
    id: 'B1003',
    question: 'reuse',
    level: 'good',
    when: { 'kept.reached': true, 'kept.nextConnection': 'new' },
    sentence: 'After a refusal that keeps the connection the next request takes a new one.',
  },
  {
    id: 'B1004',
    question: 'reuse',
    level: 'good',
    when: { 'kept.reached': true, 'kept.nextConnection': 'same' },
    sentence:
      'After a refusal that keeps the connection the content is sent, and the next request answered on it.',
  },
]
