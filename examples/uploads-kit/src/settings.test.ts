// Settings are checked before anything listens.

import { describe, expect, it } from '@jest/globals'
import { readSettings } from './settings.js'

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      token: 'demo-token',
      demo: true,
    })
  })

  it('take what the environment says', () => {
    const environment = { HOST: '::', PORT: '0', UPLOAD_TOKEN: 'abc', UPLOAD_DIR: 'up', DEMO: '0' }
    expect(readSettings(environment)).toEqual({
      host: '::',
      port: 0,
      token: 'abc',
      uploadDirectory: 'up',
      demo: false,
    })
  })

  it.each(['abc', '-1', '65536', '1e3', ' '])(
    'refuse the port %j and say what to write',
    (port) => {
      expect(() => readSettings({ PORT: port })).toThrow(/PORT is .*such as PORT=3001/)
    },
  )

  it.each(["a'b", 'a b', 'a;b'])(
    'refuse the token %j, which would break command lines',
    (token) => {
      expect(() => readSettings({ UPLOAD_TOKEN: token })).toThrow(/UPLOAD_TOKEN/)
    },
  )
})
