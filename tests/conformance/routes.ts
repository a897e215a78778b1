// The routes that every committed harness of Node has.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readRoutes } from '@expectation/conformance'

export const routes = readRoutes(
  JSON.parse(
    readFileSync(
      path.resolve(__dirname, '../../packages/conformance/harnesses/routes.json'),
      'utf8',
    ),
  ),
)
