// The pictures of the page, each for light and for dark pages, from the data that the page is made from.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bytes, count } from '../report/table.mjs'
import { bars } from './bars.mjs'
import { deliveryRows } from './delivery.mjs'
import { lines } from './lines.mjs'
import { THEMES } from './theme.mjs'

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))

const PICTURES = { delivery: deliveryPicture, spared: sparedPicture, memory: memoryPicture }

/** @returns What each picture that could be made says, by its name. */
export function writePictures(data) {
  mkdirSync(FOLDER, { recursive: true })
  const made = {}
  for (const [name, draw] of Object.entries(PICTURES)) {
    const picture = draw(data)
    if (picture === undefined) continue
    for (const [kind, theme] of Object.entries(THEMES)) {
      writeFileSync(`${FOLDER}${name}-${kind}.svg`, picture.draw(picture, theme))
    }
    made[name] = picture.says
  }
  return made
}

function deliveryPicture() {
  const rows = deliveryRows()
  if (rows.length === 0) return undefined
  const value = (kind, [seen, sent]) => ({ kind, share: seen / sent, shown: `${seen} of ${sent}` })
  return {
    draw: bars,
    title: 'Refusals that the client got to see, while it was sending 20 MB',
    says: `${rows.length} clients: every refusal of ours arrives; of a server that answers and closes, it depends on the client`,
    legend: { ours: 'with Expectation', theirs: 'answer, then close' },
    rows: rows.map(({ client, ours, closing }) => ({
      label: client,
      values: [value('ours', ours), value('theirs', closing)],
    })),
  }
}

const CLIENTS = {
  expecting: 'waits for the 100',
  sending: 'sends at once, stops at the answer',
}

function sparedPicture({ waste }) {
  if (waste === undefined) return undefined
  const rows = waste.records.filter(({ link, client }) => link === undefined && client !== 'blind')
  const most = Math.max(...rows.map(({ receivedBytes }) => receivedBytes))
  const of = (client) =>
    ['express:limited', 'express:plain'].map((server) => {
      const { receivedBytes } = rows.find((row) => row.server === server && row.client === client)
      const kind = server === 'express:limited' ? 'ours' : 'theirs'
      return { kind, share: receivedBytes / most, shown: bytes(receivedBytes) }
    })
  return {
    draw: bars,
    title: `What a refused upload of ${count(rows[0].bytes / 2 ** 20)} MiB still costs the network`,
    says: 'With Expectation next to nothing of a refused upload is sent; Express alone takes all of it',
    legend: { ours: 'Express with Expectation', theirs: 'Express alone' },
    rows: Object.entries(CLIENTS).map(([client, label]) => ({ label, values: of(client) })),
  }
}

function memoryPicture({ scale }) {
  if (scale === undefined) return undefined
  const pointsOf = (server) =>
    scale.records.held
      .filter((row) => row.server === server && !(row.contentBytes > 0))
      .map(({ connections, bytesEach }) => [connections, connections * bytesEach])
  return {
    draw: lines,
    title: 'Memory of uploads that wait for a verdict, as connections grow',
    says: 'Memory of waiting uploads grows with their number, in plain Node and with Expectation',
    legend: { ours: 'with a check that waits', theirs: 'plain Node' },
    series: [
      { kind: 'ours', points: pointsOf('attach:waiting') },
      { kind: 'theirs', points: pointsOf('node:waiting') },
    ],
    shownX: count,
    shownY: (value) => bytes(value),
  }
}
