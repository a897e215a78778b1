// A limit that becomes known late does not see content that is there by then: only what was declared
// is compared with it.
module.exports = (doors) => {
  const { Refusal } = require('@expectation/core')
  const { maxContentLength } = doors.limited
  doors.limited.maxContentLength = undefined
  doors.limited.checks = [
    async (head) => {
      await new Promise((resolve) => setImmediate(resolve))
      const declared = Number(head.headers['content-length'] ?? 0)
      return declared > maxContentLength ? new Refusal(413) : undefined
    },
  ]
}
