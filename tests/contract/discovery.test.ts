// No adapter can be forgotten: every package with a framework as its peer has a wiring in the contract.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const packages = path.resolve(__dirname, '../../packages')

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

function manifests(): Manifest[] {
  return readdirSync(packages)
    .map((name) => path.join(packages, name, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Manifest)
}

/** An adapter is told by what it is made of: it wraps core, and a framework is its peer. */
function isAdapter({ dependencies = {}, peerDependencies = {} }: Manifest): boolean {
  return '@expectation/core' in dependencies && frameworksOf(peerDependencies).length > 0
}

/** Peers that watch, or store, and do not serve. */
const NO_FRAMEWORKS = ['prom-client', '@opentelemetry/api', '@aws-sdk/client-s3']

function frameworksOf(peers: Readonly<Record<string, string>>): string[] {
  return Object.keys(peers).filter((name) => !NO_FRAMEWORKS.includes(name))
}

/** What the wirings say that they prove, read from their sources. */
function proved(): Set<string> {
  const texts = readdirSync(__dirname)
    .filter((name) => name.endsWith('.ts') && name !== path.basename(__filename))
    .map((name) => readFileSync(path.join(__dirname, name), 'utf8'))
  const said = texts.flatMap((text) => [...text.matchAll(/^\s+proves: '(?<name>[^']+)',$/gm)])
  return new Set(said.map((match) => match.groups?.name ?? ''))
}

test('the adapters of the workspace are found', () => {
  const found = manifests().filter(isAdapter)
  expect(found.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['@expectation/express', '@expectation/fastify', '@expectation/koa']),
  )
})

for (const { name } of manifests().filter(isAdapter)) {
  test(`${name} has a wiring in the contract`, () => expect([...proved()]).toContain(name))
}

test('a bare server is in the contract too', () => {
  expect([...proved()]).toContain('@expectation/core')
})

test('a wiring proves a package that exists', () => {
  const names = manifests().map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining([...proved()]))
})

test('an adapter that nobody wired would be told', () => {
  const made = { name: '@expectation/made-up', dependencies: { '@expectation/core': '*' } }
  expect(isAdapter({ ...made, peerDependencies: { hapi: '*' } })).toBe(true)
  expect(proved().has(made.name)).toBe(false)
})
