// The strict reader of responses is the conformance suite's.
export { takeResponse, type WireResponse } from '@expectation/conformance'
