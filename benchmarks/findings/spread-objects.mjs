// Do objects that are made by the same expression share a hidden class? Where each has one of its own,
// whatever reads them is looked up anew each time.
//
//   node --allow-natives-syntax benchmarks/findings/spread-objects.mjs

// Text, since the syntax is V8's own.
const shareClass = new Function('a', 'b', 'return %HaveSameMap(a, b)')

const FORMS = {
  'a spread alone': (fields) => ({ ...fields }),
  'a spread, then a property': (fields) => ({ ...fields, Connection: 'close' }),
  'a property, then a spread': (fields) => ({ Connection: 'close', ...fields }),
  'Object.assign': (fields) => Object.assign({}, fields, { Connection: 'close' }),
}
const OBJECTS = 20_000

for (const [form, make] of Object.entries(FORMS)) {
  let shared = 0
  let last
  for (let made = 0; made < OBJECTS; made += 1) {
    const object = make({ 'Content-Type': 'text/plain', 'Content-Length': String(made) })
    if (last !== undefined && shareClass(last, object)) shared += 1
    last = object
  }
  console.log(`${form}: ${shared} of ${OBJECTS - 1} as the one before`)
}
