// What has to be known of a run to read its figures.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import { foreignVersion } from '../servers/foreign.mjs'

const PACKAGES = ['express', 'koa', 'fastify', '@hapi/hapi', 'mitata']

export function describeRun(seconds) {
  const cpus = os.cpus()
  return {
    seconds,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus.length} cores (${cpus[0]?.model.trim()}), ${gibibytes(os.totalmem())} GiB`,
    system: `${os.type()} ${os.release().split('-')[0]} ${os.arch()}`,
    load: os.loadavg()[0],
    versions: Object.fromEntries(
      [
        ['Node', process.versions.node],
        ...PACKAGES.map((name) => [name, packageVersion(name)]),
        ['Go', foreignVersion('go', ['version'])],
        ['nginx', nginxVersion()],
      ].filter(([, version]) => version !== undefined),
    ),
  }
}

function nginxVersion() {
  // nginx tells its version on stderr.
  return foreignVersion('sh', ['-c', 'nginx -v 2>&1'])
}

function packageVersion(name) {
  const require = createRequire(import.meta.url)
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')).version
    } catch {}
  }
  return undefined
}

function gibibytes(bytes) {
  return Math.round(bytes / 1024 ** 3)
}
