// Rules about the route that was said to accept uploads.

import type { Question } from './questions.js'
import type { Rule } from './rule.js'

export const acceptedRules = [
  {
    id: 'D1301',
    question: 'accepts',
    level: 'fault',
    when: { 'accepts.ending': 'none', 'accepts.continues': { least: 1 } },
    sentence: 'An accepted upload is asked for with 100, and then never answered.',
    cause:
      'Expect is passed on by a proxy that does not understand the answer: nginx with proxy_set_header Expect.',
    remedy: 'Do not pass the field on by hand.',
    remedies: { nginx: 'Remove proxy_set_header Expect.' },
    page: 'proxies.md',
  },
  {
    id: 'D1302',
    question: 'accepts',
    level: 'fault',
    when: { 'accepts.ending': 'none' },
    sentence: 'The route that was said to accept gets no answer.',
    cause: 'Somebody on the way waits, or has cut the connection.',
    remedy: 'Look at the bytes with --explain.',
    page: 'troubleshooting.md',
  },
  {
    id: 'D1303',
    question: 'accepts',
    level: 'advice',
    when: { 'accepts.ending': ['refused', 'redirected'] },
    sentence: 'The route that was said to accept answers {accepts.status}.',
    cause: 'Credentials or fields are missing, or the route is another one.',
    remedy: "Give them: --header 'Authorization: …', --header 'Content-Type: …'.",
    page: 'doctor.md',
  },
  {
    id: 'D1304',
    question: 'accepts',
    level: 'advice',
    when: { 'accepts.ending': 'accepted', 'accepts.silent': true },
    sentence: 'An accepted upload is not asked for: clients wait a second in vain, then send.',
    cause: 'Expect is ignored on the way, or taken away without a 100 in its place.',
    remedy:
      'Let somebody answer: a server that reads content of a client that asks should send 100 (RFC 9110 section 10.1.1).',
    page: 'clients.md',
  },
  {
    id: 'D1306',
    question: 'accepts',
    level: 'fault',
    when: { 'accepts.ending': 'accepted', 'accepts.spent': 'nothing' },
    sentence:
      'The route that was said to accept answers {accepts.status} without having asked for the upload: its content is lost.',
    cause:
      'The service answers before it reads. A client that asks takes a final answer for the end, and sends nothing (RFC 9110 section 10.1.1).',
    remedy: 'Read the content first, then answer.',
    page: 'warnings.md',
  },
  {
    id: 'D1307',
    question: 'accepts',
    level: 'advice',
    when: { 'accepts.ending': 'accepted', 'accepts.spent': ['start', 'part'] },
    sentence:
      'The route that was said to accept answers {accepts.status} after {accepts.sentBytes} of {content.bytes}, before it has all of them.',
    cause: 'The service answers before it has read to the end. Clients may send no more then.',
    remedy: 'Read the content to its end, then answer.',
    page: 'warnings.md',
  },
  {
    id: 'D1305',
    question: 'accepts',
    level: 'good',
    when: { 'accepts.ending': 'accepted', 'accepts.continues': { least: 1 } },
    sentence: 'An accepted upload is asked for, and answered with {accepts.status}.',
  },
] as const satisfies readonly Rule<Question>[]
