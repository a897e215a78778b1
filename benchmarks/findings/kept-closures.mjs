// What V8's scavenger makes of short-lived objects that hold functions. Of 200,000 objects 24 are alive
// at any time: a scavenge that takes milliseconds has kept thousands that are dead.
//
//   node benchmarks/findings/kept-closures.mjs

import { EventEmitter } from 'node:events'
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'

function shared() {}

const KINDS = {
  'no function': () => ({}),
  'a shared function': () => ({ call: shared }),
  'a bound function'() {
    const made = {}
    made.call = shared.bind(made)
    return made
  },
  'a closure among listeners'() {
    const made = { events: new EventEmitter() }
    made.events.on('end', () => made)
    return made
  },
  'a closure of its own'() {
    const made = {}
    made.call = () => made
    return made
  },
  'a Duplex of node:stream': () => new Duplex(),
}
const OBJECTS = 200_000
const ALIVE = 24
const AT_ONCE = 200
const LINKS = 60

let scavenges = 0
let milliseconds = 0
new PerformanceObserver((list) => {
  for (const { detail, duration } of list.getEntries()) {
    if (detail.kind !== 1) continue
    scavenges += 1
    milliseconds += duration
  }
}).observe({ entryTypes: ['gc'] })

/** Something worth collecting: a chain of small objects. */
function loaded(made) {
  made.load = {}
  let last = made.load
  for (let link = 0; link < LINKS; link += 1) {
    last.next = { link }
    last = last.next
  }
  return made
}

const alive = new Array(ALIVE)
for (const [kind, make] of Object.entries(KINDS)) {
  scavenges = 0
  milliseconds = 0
  for (let made = 0; made < OBJECTS; made += 1) {
    alive[made % ALIVE] = loaded(make())
    if (made % AT_ONCE === 0) await turn()
  }
  await turn()
  console.log(`${kind}: ${(milliseconds / scavenges).toFixed(2)} ms for each scavenge`)
}
