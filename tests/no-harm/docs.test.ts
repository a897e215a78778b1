// The page says what the runs stand on: the tables of improvements, open faults and explained tests.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

test('docs/no-harm.md is what write-docs.mjs makes of the data', () => {
  const script = path.resolve(__dirname, '../../interop/no-harm/write-docs.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
