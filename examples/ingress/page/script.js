// Shows the last state that came. Nothing is kept here but what the bytes were before, to see them move.

const element = (id) => document.getElementById(id)
const before = {}

function megabytes(bytes) {
  if (bytes === 0) return '0'
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function cell(text, kind) {
  const made = document.createElement('td')
  made.textContent = text
  if (kind) made.dataset.kind = kind
  return made
}

function row({ title, status, reason, by, tried, hops }) {
  const made = document.createElement('tr')
  const kind = status < 300 ? 'yes' : 'no'
  const more = tried.length > 1 ? ` (${tried.join(', then ')})` : ''
  made.append(cell(title), cell(`${status} ${reason ?? `by ${by}`}${more}`, kind))
  for (const at of [0, 1, 2]) {
    const bytes = hops[at]
    made.append(
      cell(bytes === undefined ? '–' : megabytes(bytes), bytes === 0 ? 'none' : undefined),
    )
  }
  return made
}

function show({ storage, up, bytes, figures, scenes }) {
  element('storage-name').textContent = storage
  for (const [name, isUp] of Object.entries(up)) element(name).classList.toggle('down', !isUp)
  for (const [hop, count] of Object.entries(bytes)) {
    const wire = document.querySelector(`[data-hop="${hop}"]`)
    wire.querySelector('b').textContent = megabytes(count)
    // Heads alone are no flow.
    wire.classList.toggle('flows', count - (before[hop] ?? count) > 20_000)
    before[hop] = count
  }
  element('stored').textContent = figures.stored
  element('spared').textContent = megabytes(figures.sparedBytes)
  element('held').textContent = figures.held
  for (const [who, count] of Object.entries(figures.refused)) {
    element(`by-${who}`).textContent = count
  }
  element('uploads').replaceChildren(...scenes.map(row))
}

const events = new EventSource('/events')
events.onopen = () => {
  element('state').textContent = 'Live.'
}
events.onerror = () => {
  element('state').textContent = 'The chain has stopped.'
}
events.onmessage = ({ data }) => show(JSON.parse(data))
