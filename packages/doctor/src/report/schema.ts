// The JSON schema of a report (draft 2020-12), for programs that read what `--json` prints.

import { LEVELS } from '../rules/rule.js'

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const flag = { type: 'boolean' } as const

const finding = {
  type: 'object',
  required: ['id', 'question', 'level', 'sentence', 'link'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[DB]\\d+$' },
    question: text,
    level: { enum: LEVELS },
    sentence: text,
    cause: text,
    remedy: text,
    link: { type: 'string', pattern: '^https://' },
    more: { type: 'string', pattern: '^https://' },
  },
} as const

const line = {
  type: 'object',
  required: ['atMs', 'way', 'text'],
  additionalProperties: false,
  properties: { atMs: count, way: { enum: ['out', 'in', 'note'] }, text },
} as const

const probe = {
  type: 'object',
  required: [
    'name',
    'request',
    'ending',
    'interim',
    'silent',
    'sentBytes',
    'spent',
    'connection',
    'ms',
    'transcript',
  ],
  additionalProperties: false,
  properties: {
    name: text,
    request: text,
    status: { type: 'integer', minimum: 200, maximum: 599 },
    ending: { enum: ['refused', 'accepted', 'redirected', 'malformed', 'none'] },
    interim: { type: 'array', items: { type: 'integer', minimum: 100, maximum: 199 } },
    silent: flag,
    sentBytes: count,
    spent: { enum: ['nothing', 'start', 'part', 'whole'] },
    connection: { enum: ['closed', 'kept', 'cut'] },
    next: { enum: ['answered', 'closed', 'lost'] },
    nextStatus: { type: 'integer', minimum: 200, maximum: 599 },
    ms: count,
    transcript: { type: 'array', items: line },
  },
} as const

/** Describes a `Report`. `version` changes when a program that reads one has to. */
export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What the doctor has found',
  type: 'object',
  required: [
    'version',
    'mode',
    'target',
    'requests',
    'ms',
    'software',
    'findings',
    'facts',
    'probes',
    'well',
  ],
  additionalProperties: false,
  properties: {
    version: { const: 1 },
    mode: { enum: ['outside', 'behind'] },
    target: text,
    requests: { type: 'integer', minimum: 1, maximum: 14 },
    ms: count,
    software: { type: 'array', items: text, uniqueItems: true },
    findings: { type: 'array', items: finding },
    facts: { type: 'object', additionalProperties: { anyOf: [text, { type: 'number' }, flag] } },
    probes: { type: 'array', items: probe },
    well: flag,
  },
} as const
