// Rules about uploads through a proxy: what is passed on, and how much is sent in vain.

import type { BehindQuestion } from './behind-questions.js'
import type { Rule } from './rule.js'

const OTHERS = 'HAProxy, Apache httpd and @expectation/gateway pass the question on.'
const OFF = 'Switch request buffering off for uploads.'
const FAILS =
  'The proxy fails by itself, or takes an answer before the end of the content for a fault of the origin.'
const ITS_LOG = 'Look at the log of the proxy at that time.'

export const behindUploadRules: readonly Rule<BehindQuestion>[] = [
  {
    id: 'B1101',
    question: 'there',
    level: 'fault',
    when: { 'connections.failed': { least: 1 } },
    sentence:
      'Connections to the proxy fail in the middle of a run ({connections.why}): {connections.not} could not be asked, although requests before it were answered.',
    cause: 'The proxy has ended or starts again, or takes no more connections.',
    remedy: 'Look at the log of the proxy at that time, then run the doctor again.',
    page: 'troubleshooting.md',
  },
  {
    id: 'B101',
    question: 'passes',
    level: 'fault',
    when: { 'refused.reached': false, 'unasked.reached': true },
    sentence:
      'A request with Expect never reaches the origin: the proxy answers {refused.status} by itself.',
    cause:
      'The HTTP client of the proxy refuses the field: undici does, and with it @fastify/http-proxy and @fastify/reply-from.',
    remedy: 'Give the plugin undici: dispatcher() of @expectation/gateway.',
    page: 'gateway.md',
  },
  {
    id: 'B106',
    question: 'passes',
    level: 'fault',
    when: { 'refused.reached': false, 'unasked.reached': false },
    sentence:
      'No upload reaches the origin, whether it asks or not: the proxy ends it by itself. How the proxy treats the answers of an origin cannot be told.',
    cause: 'A limit or a rule of the proxy: on size, method, credentials or time.',
    remedy: 'Change it, or keep to it: with another --bytes, --method or --header.',
    remedies: {
      nginx: 'Raise client_max_body_size, which is 1m by default, or send less by --bytes.',
    },
    page: 'proxies.md',
  },
  {
    id: 'B102',
    question: 'passes',
    level: 'advice',
    when: { 'refused.expect': false, 'refused.continues': { least: 1 } },
    sentence:
      'The proxy takes Expect away and answers it by itself, so the origin cannot decide before content is sent to the proxy.',
    cause: 'nginx, lighttpd, h2o and Varnish do, and cannot be told not to.',
    remedy: OTHERS,
    page: 'proxies.md',
  },
  {
    id: 'B105',
    question: 'passes',
    level: 'advice',
    when: { 'refused.expect': false },
    sentence:
      'The proxy takes Expect away, or puts another one in its place, and does not answer it either: the origin is not told that a client waits.',
    cause: 'A rule of the proxy removes or sets the field.',
    remedy: 'Remove that rule: the proxy passes the question on by itself.',
    page: 'proxies.md',
  },
  {
    id: 'B103',
    question: 'passes',
    level: 'advice',
    when: { 'refused.expect': true, 'refused.continues': { least: 1 } },
    sentence:
      'The proxy passes Expect on, and sends a 100 of its own all the same, before the origin has decided.',
    cause:
      'The server that the proxy is built on answers first: proxies on plain Node, and Caddy and others on Go when the origin is not quicker.',
    remedy: 'In Node: askFirst() of @expectation/gateway before the proxy, behind a gate.',
    page: 'gateway.md',
  },
  {
    id: 'B104',
    question: 'passes',
    level: 'good',
    when: { 'refused.expect': true, 'refused.continues': 0 },
    sentence: 'Expect is passed on, and the origin alone answers it.',
  },
  {
    id: 'B201',
    question: 'refusal',
    level: 'fault',
    when: { 'refused.ending': ['none', 'malformed'] },
    sentence: 'A refusal from the head never arrives at a client that asks.',
    cause: 'The proxy waits for a 100 that does not come, or gives the connection up.',
    remedy: OTHERS,
    page: 'proxies.md',
  },
  {
    id: 'B205',
    question: 'refusal',
    level: 'fault',
    when: { 'refused.reached': true, 'refused.status': { least: 500 } },
    sentence: 'A refusal from the head becomes {refused.status} for a client that asks.',
    cause: FAILS,
    remedy: ITS_LOG,
    page: 'troubleshooting.md',
  },
  {
    id: 'B202',
    question: 'refusal',
    level: 'good',
    when: { 'refused.spent': 'nothing', 'refused.status': 401 },
    sentence: 'A refused upload is not sent at all.',
  },
  {
    id: 'B203',
    question: 'refusal',
    level: 'advice',
    when: { 'refused.reached': true, 'refused.spent': 'whole' },
    sentence:
      'All {content.bytes} of a refused upload are sent, and {refused.originTotal} reach the origin.',
    cause: 'The proxy takes the whole upload in before it asks.',
    remedy: OFF,
    remedies: { nginx: 'Set proxy_request_buffering off for uploads.' },
    page: 'proxies.md',
  },
  {
    id: 'B204',
    question: 'refusal',
    level: 'advice',
    when: { 'refused.spent': ['start', 'part'] },
    sentence: '{refused.sentBytes} of a refused upload are sent before the refusal comes.',
    cause: 'The proxy asks for content by itself.',
    remedy: OTHERS,
    page: 'proxies.md',
  },
  {
    id: 'B301',
    question: 'unasked',
    level: 'fault',
    when: { 'unasked.ending': ['none', 'malformed'] },
    sentence: 'A refusal from the head never arrives at a client that does not ask.',
    cause: 'The proxy waits for the end of the content, or gives the connection up.',
    remedy: OFF,
    page: 'proxies.md',
  },
  {
    id: 'B304',
    question: 'unasked',
    level: 'fault',
    when: { 'unasked.reached': true, 'unasked.status': { least: 500 } },
    sentence: 'A refusal from the head becomes {unasked.status} for a client that does not ask.',
    cause: FAILS,
    remedy: ITS_LOG,
    page: 'troubleshooting.md',
  },
  {
    id: 'B302',
    question: 'unasked',
    level: 'advice',
    when: { 'unasked.spent': 'whole' },
    sentence: 'A client that does not ask sends all {content.bytes} before its refusal comes.',
    cause: 'The proxy takes the whole upload in, or reads on while it has the answer already.',
    remedy: OFF,
    remedies: {
      nginx: 'Set proxy_request_buffering off for uploads.',
      apache: 'Apache httpd reads on by itself; HAProxy and @expectation/gateway do not.',
    },
    page: 'proxies.md',
  },
  {
    id: 'B303',
    question: 'unasked',
    level: 'good',
    when: { 'unasked.ending': 'refused', 'unasked.status': { most: 499 } },
    sentence: 'A client that does not ask is refused while it sends.',
  },
  {
    id: 'B401',
    question: 'acceptance',
    level: 'fault',
    when: { 'accepted.reached': true, 'accepted.ending': 'none' },
    sentence: 'An accepted upload of a client that asks is never answered.',
    cause: 'Expect is passed on by hand, and the 100 of the origin is not understood.',
    remedy: 'Do not set the field for the origin.',
    remedies: { nginx: 'Remove proxy_set_header Expect.' },
    page: 'proxies.md',
  },
  {
    id: 'B402',
    question: 'acceptance',
    level: 'fault',
    when: { 'unasked.reached': true, 'accepted.ending': ['refused', 'malformed', 'redirected'] },
    sentence: 'An upload that the origin accepts ends in the proxy, with {accepted.status}.',
    cause: 'The proxy cannot deal with Expect, or with the answers to it.',
    remedy: OTHERS,
    page: 'proxies.md',
  },
  {
    id: 'B403',
    question: 'acceptance',
    level: 'good',
    when: { 'accepted.reached': true, 'accepted.ending': 'accepted' },
    sentence: 'An accepted upload gets through.',
  },
]
