// contentOf and the digests of a request (RFC 9530): content that is another one never comes to its end.

import { createHash } from 'node:crypto'
import { chunks, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { aborted, server, text } from './support/given.js'
import { thrownFor } from './support/thrown.js'

forbidStrayErrors()

describe('RFC 9530: Content-Digest and Repr-Digest', () => {
  const of = (algorithm: string, content: string): string =>
    createHash(algorithm).update(content).digest('base64')
  const right = `sha-256=:${of('sha256', 'hello')}:`

  test.each([
    ['sha-256', `Content-Digest: ${right}`],
    ['sha-512', `Content-Digest: sha-512=:${of('sha512', 'hello')}:`],
    ['both', `Content-Digest: ${right}, sha-512=:${of('sha512', 'hello')}:`],
    ['of the representation', `Repr-Digest: ${right}`],
    ['an algorithm that is not known (2, MAY ignore)', 'Content-Digest: md5=:AAAA:'],
    ['parameters (RFC 8941 3.2)', `Content-Digest: ${right};a=1;b`],
    ['a parameter in quotes (RFC 8941 3.3.3)', `Content-Digest: ${right};a="x"`],
    ['… with a comma and a quote in it', `Content-Digest: ${right};a="x, \\"y;\\\\";b, md5=:AAAA:`],
    [
      '… of each kind',
      `Content-Digest: ${right}; a=?0;b=:AA==:;c=-1.5;d=t/o:k, sha-512=:${of('sha512', 'hello')}:;a="=:x:"`,
    ],
    ['spaces and tabs between members', `Content-Digest: md5=:AAAA:\t, \t${right}`],
    ['the last of one name (RFC 8941 3.2)', `Content-Digest: sha-256=:AAAA:, ${right}`],
    ['no member (RFC 8941 3.2)', 'Content-Digest: '],
  ])('what matches is read to its end: %s', async (_name, line) => {
    const { client, given } = await server()
    client.send(head({ chunked: true, lines: [line] }) + chunks('hel', 'lo'))
    expect(await text((await given).content)).toBe('hello')
  })

  test.each([
    ['sha-256', `Content-Digest: sha-256=:${of('sha256', 'hallo')}:`],
    ['one of two', `Content-Digest: ${right}, sha-512=:${of('sha512', 'hallo')}:`],
    ['too short', 'Content-Digest: sha-256=:AAAA:'],
    ['of the representation', `Repr-Digest: sha-256=:${of('sha256', 'hallo')}:`],
  ])('what does not match never comes to its end: %s', async (_name, line) => {
    const { client, given } = await server()
    client.send(`${head({ length: 5, lines: [line] })}hello`)
    const { content } = await given
    let read = ''
    content.body.on('data', (chunk) => {
      read += String(chunk)
    })
    expect(await aborted(content.signal)).toMatchObject({ status: 400, reason: 'digest_mismatch' })
    expect(read).not.toBe('hello')
    expect(content.body.readableEnded).toBe(false)
  })

  test.each([
    ['Content-Length: 0', head({ length: 0, lines: [`Content-Digest: ${right}`] })],
    ['no framing', head({ lines: [`Content-Digest: ${right}`] })],
  ])('no content where the field is of some is refused: %s', async (_name, request) => {
    expect(await thrownFor(request)).toMatchObject({ status: 400, reason: 'digest_mismatch' })
  })

  test('no content is what its digest says', async () => {
    const { client, given } = await server()
    client.send(head({ length: 0, lines: [`Content-Digest: sha-256=:${of('sha256', '')}:`] }))
    expect(await text((await given).content)).toBe('')
  })

  test.each([
    'sha-256=abc',
    'sha-256',
    '{',
    'sha-256=:not base64:',
    'sha-256=:AAAA:,',
    ', sha-256=:AAAA:',
    'sha-256=:AAAA:;a="x',
    'sha-256=:AAAA:;a="x\\y"',
    'sha-256=:AAAA:;a="x"y',
    'sha-256=:AAAA:;a=x,y',
    'sha-256=:AAAA:;',
    `sha-256=:AAAA:${';a= '.repeat(3000)}`,
  ])('a field that cannot be read is refused before the content: %s', async (field) => {
    const request = head({ length: 0, lines: [`Content-Digest: ${field}`] })
    expect(await thrownFor(request)).toMatchObject({
      status: 400,
      headers: { 'Want-Content-Digest': 'sha-256=1' },
    })
  })
})
