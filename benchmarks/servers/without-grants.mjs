// The core as it would be without grants: its compiled code, with every place taken out that asks whether
// a check holds something, for comparison with the code as it is. A place that is not found is an error, so
// that the comparison cannot become one of the code with itself.

import Module, { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)

/** In `packages/core/dist`: a file, what stands in it, and what would stand there. */
const PLACES = [
  ['decide/pending-decision.js', '    #grants;\n', ''],
  ['decide/pending-decision.js', 'if (!(0, grant_js_1.isGrant)(read))\n', ''],
  [
    'decide/pending-decision.js',
    /this\.#grants \?\?= \[\];\s+this\.#grants\.push\(read\);\s+if \(this\.#over\)\s+this\.#giveBack\(this\.#late\);\s+return undefined;/,
    '',
  ],
  ['decide/pending-decision.js', /const grants = this\.#grants;|this\.#grants = undefined;/g, ''],
  ['decide/pending-decision.js', 'grants === undefined && ', ''],
  ['decide/pending-decision.js', '...(grants !== undefined && { grants }),', ''],
  ['decide/pending-decision.js', /this\.#giveBack\([^;]*\);/g, ''],
  ['decide/pending-decision.js', /#giveBack\(why\) \{[\s\S]*?\n {4}\}/, ''],
  ['decide/pending-decision.js', "    #late = 'refused';\n", ''],
  ['decide/questions.js', /\|\| \(0, grant_js_1\.isGrant\)\(answer\)/, ''],
  ['node/exchange/exchange.js', '    #holdings;\n', ''],
  ['node/exchange/exchange.js', /get holdings\(\) \{[^}]*\}/, ''],
  ['node/exchange/exchange.js', /else if \(decision\.grants !== undefined\) \{[^}]*\}/, ''],
  ['node/exchange/exchange.js', /this\.#holdings\?\.release(Later)?\([^;]*\);/g, ''],
  ['node/exchange/exchange.js', /#endOfGrants\(\) \{[\s\S]*?\n {4}\}/, ''],
  ['node/gate/verdict.js', 'policy.maxContentLength, grants }', 'policy.maxContentLength }'],
  [
    'node/gate/verdict.js',
    /return grants === undefined\s+\? maxContentLength\s+: grants[^;]*;/,
    'return maxContentLength;',
  ],
  ['node/gate/verdict.js', /if \(decision\.grants !== undefined\)\s+[^;]*;/, ''],
  [
    'node/gate/verdict.js',
    /const \{ grants \} = decision;\s+if \(grants !== undefined\) \{[\s\S]*?\n {4}\}/,
    '',
  ],
  ['node/guards/read.js', /if \(exchange\.holdings\?\.credit\?\.waits === true\)\s+return;/, ''],
  ['node/guards/read.js', 'exchange.holdings?.credit?.used() === true ? false : more', 'more'],
]

/** To be called before anything loads the core. */
export function takeGrantsOut() {
  const compile = Module.prototype._compile
  const open = new Set(PLACES)
  Module.prototype._compile = function (source, file) {
    let left = source
    for (const place of PLACES) {
      const [name, found, instead] = place
      if (!file.endsWith(path.join('core', 'dist', name))) continue
      const changed = left.replace(found, instead)
      if (changed !== left) open.delete(place)
      left = changed
    }
    if (left !== source && /[gG]rants\b|oldings\b(?!_)/.test(withoutComments(left))) {
      throw new Error(`${file} still asks for grants.`)
    }
    return compile.call(this, left, file)
  }
  try {
    require('@expectation/core/node')
  } finally {
    Module.prototype._compile = compile
  }
  if (open.size > 0) throw new Error(`Not found in the core: ${[...open].join('; ')}`)
}

function withoutComments(source) {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|.*= require\(.*/g, '')
}
