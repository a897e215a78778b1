// Numbers and names, as people read them.

const STEPS = ['B', 'kB', 'MB', 'GB', 'TB']

export function size(bytes) {
  let step = 0
  let rest = bytes
  while (rest >= 1000 && step < STEPS.length - 1) {
    rest /= 1000
    step += 1
  }
  const digits = step === 0 || rest >= 100 ? 0 : 1
  return `${rest.toFixed(digits).replace(/\.0$/, '')} ${STEPS[step]}`
}

/** A number of bytes as it is, and as people say it: 31,457,280 bytes (31.5 MB). */
export function exactSize(bytes) {
  const exact = `${bytes.toLocaleString('en')} bytes`
  return bytes < 1000 ? exact : `${exact} (${size(bytes)})`
}

/** An element with classes and content; content is text or elements, never markup. */
export function element(name, classes, ...content) {
  const made = document.createElement(name)
  if (classes) made.className = classes
  made.append(...content)
  return made
}

export function byId(id) {
  return document.getElementById(id)
}
