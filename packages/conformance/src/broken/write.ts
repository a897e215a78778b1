// The bytes of an answer of the model server, with the mistakes it is told to make.

import { STATUS_CODES } from 'node:http'
import type { Defects } from './defects.js'
import type { ModelAnswer } from './roles.js'

interface Circumstances {
  readonly close: boolean
  readonly defects: Defects
  readonly method?: string
}

const STACK = 'Error: secret\n    at model (/usr/lib/model.js:1:1)'

export function hasCompanions(answer: ModelAnswer, defects: Defects): ModelAnswer {
  return defects.noCompanions ? { ...answer, fields: {} } : answer
}

export function answerBytes(
  answer: ModelAnswer,
  { close, defects, method }: Circumstances,
): string {
  const { status } = answer
  const body =
    defects.stack && status === 500 ? STACK : (answer.body ?? (status === 204 ? '' : 'none'))
  const unmet = status === 417
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...Object.entries(answer.fields ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...(defects.noDate ? [] : [`Date: ${new Date().toUTCString()}`]),
    ...(unmet && defects.noStore ? ['Cache-Control: no-store'] : []),
    ...(unmet && defects.noType ? [] : ['Content-Type: text/plain']),
    ...(close ? ['Connection: close'] : []),
    ...(status === 204 || defects.unframed ? [] : [`Content-Length: ${body.length}`]),
  ]
  const content = method === 'HEAD' && !defects.headWithContent ? '' : body
  const bytes = `${lines.join('\r\n')}\r\n\r\n${content}`
  return defects.extraResponse ? bytes + bytes : bytes
}
