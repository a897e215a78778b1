// Redocly's linter on the document on stdin, without a network: prints its problems as JSON. A
// process of its own, because the linter is an ES module, which Jest cannot load.
import { text } from 'node:stream/consumers'
import { createConfig, lintFromString } from '@redocly/openapi-core'

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: { 'security-defined': 'off', 'info-license': 'off', 'no-server-example.com': 'off' },
})
const source = await text(process.stdin)
const problems = await lintFromString({ source, config, absoluteRef: 'openapi.json' })
console.log(
  JSON.stringify(
    problems.map(({ severity, ruleId, message, location }) => ({
      severity,
      ruleId,
      message,
      at: location[0]?.pointer,
    })),
  ),
)
