// Wrong options throw where they are written: subject, received value, remedy, stable code.

import type { AdmissionOptions } from '@expectation/admission'
import { admission } from '@expectation/admission'
import { OptionError } from '@expectation/core'

describe('options', () => {
  it.each<[string, object, RegExp]>([
    ['slots', { slots: 0 }, /1 or more/],
    ['slots', { slots: '4' }, /whole number/],
    ['slots', { slots: 1.5 }, /whole number/],
    ['slots', { slots: Number.POSITIVE_INFINITY }, /whole number/],
    ['bytes', { bytes: '8 parrots' }, /5gb/],
    ['bytes', { bytes: 0 }, /from 1/],
    ['bytes', { bytes: -1 }, /bytes/],
    ['tenant', { tenant: 'a' }, /function/],
    ['tenantSlots', { tenantSlots: 1 }, /tenant/],
    ['tenantBytes', { tenantBytes: 1 }, /tenant/],
    ['tenantBytes', { tenant: () => 'a', tenantBytes: 'x' }, /5gb/],
    ['unknownLength', { unknownLength: 'x' }, /5gb/],
    ['unknownLength', { unknownLength: null }, /./],
    ['unknownLength', { bytes: 10, unknownLength: 11 }, /at most/],
    ['unknownLength.step', { unknownLength: { step: 0 } }, /from 1/],
    ['unknownLength.headroom', { unknownLength: { headroom: 1 } }, /below 1/],
    ['unknownLength.headroom', { unknownLength: { headroom: Number.NaN } }, /below 1/],
    ['unknownLength.waitMs', { unknownLength: { waitMs: 60_001 } }, /60000/],
    ['unknownLength.steps', { unknownLength: { steps: 1 } }, /Did you mean step\?/],
    ['waitMs', { waitMs: 701 }, /0 to 700/],
    ['maxWaiting', { maxWaiting: 0 }, /1 or more/],
    ['store', { store: {} }, /redisStore/],
    ['store', { store: null }, /redisStore/],
    ['store', { store: { open: () => undefined } }, /redisStore/],
    ['store', { store: { open: async () => ({}) } }, /redisStore/],
    ['onStoreFailure', { onStoreFailure: 'open' }, /'refuse' or 'local' or 'admit'/],
    ['advertise', { advertise: 'yes' }, /true or false/],
    ['admission.slot', { slot: 1 }, /Did you mean slots\?/],
    ['admission.concurrency', { concurrency: 1 }, /slots, bytes/],
    // A configuration may have it of another one.
    ['admission.slot', Object.create({ slot: 1 }), /Did you mean slots\?/],
    ['admission', new Map([['slots', 1]]), /object/],
  ])('%s: %p', (option, options, remedy) => {
    const make = () => admission(options as AdmissionOptions)
    expect(make).toThrow(OptionError)
    expect(make).toThrow(remedy)
    expect(caught(make)).toMatchObject({ option, code: expect.stringMatching(/^ERR_EXPECTATION_/) })
  })

  it('of close too', () => {
    const uploads = admission()
    expect(() => uploads.close({ drainMs: -1 })).toThrow(OptionError)
    expect(() => uploads.close({ waitMs: 1 } as object)).toThrow(/drainMs/)
  })

  it('have defaults that limit nothing', () => {
    expect(() => [admission(), admission({}), admission({ slots: undefined })]).not.toThrow()
  })
})

function caught(make: () => unknown): unknown {
  try {
    return make()
  } catch (error) {
    return error
  }
}
