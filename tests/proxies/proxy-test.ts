// Tests that need one of the proxies, and curl.
import { installedVersion, programs } from '@expectation/example-proxy-kit'
import { hasCurl } from '../support/curl-upload.js'
import { testWhen } from '../support/skip.js'
import { type ConfigName, configs } from './configs.js'

export function testBehind(config: ConfigName): ReturnType<typeof testWhen> {
  const { program } = configs[config]
  const isThere = hasCurl && installedVersion(program) !== undefined
  return testWhen(isThere, `curl or ${programs[program].command} is not installed`)
}
