// One small tree for each rule, with the words its violation must contain; `undefined`: no fault.
const core = { name: '@expectation/core', dependencies: { bytes: '*' } }
const express = { name: '@expectation/express', dependencies: { '@expectation/core': '*' } }
const gateway = {
  name: '@expectation/gateway',
  dependencies: { '@expectation/core': '*', '@expectation/client': '*' },
}
const manifests = new Map([
  ['packages/core', core],
  ['packages/client', { name: '@expectation/client' }],
  ['packages/gateway', gateway],
  ['packages/express', { ...express, peerDependencies: { express: '*' } }],
])

const PURE = 'packages/core/src/decide/decide.ts'
const NODE = 'packages/core/src/node/attach.ts'
const ADAPTER = 'packages/express/src/gate.ts'

const trees = [
  [
    'a tidy tree',
    undefined,
    {
      [PURE]: "import bytes from 'bytes'\nimport './policy.js'",
      'packages/core/src/decide/policy.ts': '',
      'packages/core/src/decide/decide.test.ts': "import 'node:http'\nimport './decide.js'",
      [NODE]: "import 'node:http'\nimport '../decide/decide.js'",
      [ADAPTER]: "import '@expectation/core/node'\nimport type e from 'express'",
      'tests/wire/a.test.ts': "import '@expectation/express'\nimport 'supertest'",
    },
  ],
  ['pure imports Node', 'runs anywhere', { [PURE]: "import 'node:http'" }],
  ['pure imports a Node type', 'runs anywhere', { [PURE]: "import type { x } from 'node:net'" }],
  ['pure names a Node type', 'runs anywhere', { [PURE]: "type A = import('http').Server" }],
  ['pure requires Node', 'runs anywhere', { [PURE]: "const a = require('fs')" }],
  ['pure loads Node later', 'runs anywhere', { [PURE]: "const a = () => import('node:fs')" }],
  ['pure imports node/', 'must not know', { [PURE]: "import '../node/attach.js'", [NODE]: '' }],
  [
    'pure re-exports node/',
    'must not know',
    { [PURE]: "export * from '../node/attach.js'", [NODE]: '' },
  ],
  [
    'core imports an adapter',
    'is not @expectation/core',
    { [NODE]: "import '@expectation/express'" },
  ],
  [
    'adapter imports another',
    'is not @expectation/core',
    { [ADAPTER]: "import '@expectation/koa'" },
  ],
  [
    'the client imports core',
    'is not allowed',
    { 'packages/client/src/a.ts': "import '@expectation/core'" },
  ],
  [
    'the gateway imports core and client',
    undefined,
    { 'packages/gateway/src/a.ts': "import '@expectation/core'\nimport '@expectation/client'" },
  ],
  ['a package imports itself', 'relatively', { [NODE]: "import '@expectation/core'" }],
  [
    'adapter reaches into core',
    'leaves its package',
    { [ADAPTER]: `import '../../core/src/decide/decide.js'`, [PURE]: '' },
  ],
  [
    'a test is shipped',
    'is a test',
    { [PURE]: "import './a.test.js'", 'packages/core/src/decide/a.test.ts': '' },
  ],
  ['undeclared dependency', 'not a dependency', { [ADAPTER]: "import 'negotiator'" }],
  ['a file is not there', 'does not exist', { [ADAPTER]: "import './nowhere.js'" }],
  [
    'two files in a circle',
    'cycle',
    {
      [PURE]: "import type { a } from './b.js'",
      'packages/core/src/decide/b.ts': "import './decide.js'",
    },
  ],
  [
    'two folders in a circle',
    'cycle: packages/core/src/decide -> packages/core/src/head',
    {
      [PURE]: "import type { a } from '../head/a.js'",
      'packages/core/src/head/a.ts': '',
      'packages/core/src/head/b.ts': "import '../decide/c.js'",
      'packages/core/src/decide/c.ts': '',
    },
  ],
  [
    'a test that closes a circle of folders',
    undefined,
    {
      [PURE]: "import '../head/a.js'",
      'packages/core/src/head/a.ts': '',
      'packages/core/src/head/a.test.ts': "import '../decide/decide.js'",
    },
  ],
]

export const fixtures = trees.map(([title, expected, tree]) => ({
  title,
  expected,
  tree: { files: new Map(Object.entries(tree)), manifests },
}))
