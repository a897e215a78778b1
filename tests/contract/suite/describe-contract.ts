// The contract: every area on every transport of an adapter. EXPECTATION_CONTRACT=quick keeps to the
// areas that depend most on the line of Node or on the packing.
import { realpathSync } from 'node:fs'
import { keepConsoleErrors } from '../../support/console.js'
import { forbidStrayErrors } from '../../support/stray-errors.js'
import type { Adapter } from './adapter.js'
import * as areas from './areas.js'
import { isHttp2, type Stage, stageOf } from './stage.js'

export function describeContract(adapter: Adapter): void {
  const quick = process.env.EXPECTATION_CONTRACT === 'quick'
  describe(`${adapter.name}`, () => {
    keepConsoleErrors()
    forbidStrayErrors()
    for (const transport of adapter.transports) {
      const stage = stageOf(adapter, transport)
      describe(`over ${transport}`, () => {
        declareAreas(quick ? areas.quick : areas.on(transport), stage)
        if (isHttp2(transport)) declareAreas(areas.onHttp2, stage)
        else if (!quick) declareAreas(areas.onHttp1, stage)
      })
    }
    if (quick) declareInstalled(adapter)
    else declareDifferences(adapter)
  })
}

function declareAreas(named: areas.Areas, stage: Stage): void {
  for (const [name, declare] of Object.entries(named)) describe(name, () => declare(stage))
}

/** A difference is a fact with a reason, shown in the report; it is no skipped test. */
function declareDifferences({ differences, transports }: Adapter): void {
  describe('differs', () => {
    for (const [difference, reason] of Object.entries(differences)) {
      test(`${difference}: ${reason}`, () => expect(reason).toMatch(/\w+ \w+/))
    }
    test('HTTP/2 is proved, or its lack is declared', () => {
      expect(transports.some(isHttp2)).toBe(!('http2' in differences))
    })
  })
}

/** EXPECTATION_INSTALLED: the contract is to hold for these packages, not for our sources. */
function declareInstalled({ proves }: Adapter): void {
  const installed = process.env.EXPECTATION_INSTALLED ?? ''
  test('what is proved is what was asked for', () => {
    for (const name of [proves, '@expectation/core', '@expectation/core/node']) {
      const file = realpathSync(require.resolve(name))
      if (installed === '') expect(file).not.toContain('node_modules')
      else expect(file.startsWith(realpathSync(installed))).toBe(true)
    }
  })
}
