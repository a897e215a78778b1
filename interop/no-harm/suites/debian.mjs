// Sources of Debian, asked for with a configuration of our own beside the system's: of the release that
// runs here, or, where a suite names one, of another release from the same place.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { finish } from '../../delivery/child.mjs'
import { must, short } from './must.mjs'

const SYSTEM = '/etc/apt/sources.list.d'
const SINGLE = '/etc/apt/sources.list'
const listed = new Map()

/** Unpacks the upstream source into `folder`; resolves with its version. */
export async function fromDebian({ debian, release, only = [] }, folder, cache) {
  const options = await sources(release, cache)
  const fetched = path.join(folder, '.fetched')
  mkdirSync(fetched)
  // It also fetches Debian's own part, which the tests do without, and fails when that is gone.
  const { stderr } = await finish(
    'apt-get',
    [...options, 'source', '--download-only', '--only-source', debian],
    { cwd: fetched, withinMs: 300_000 },
  )
  const archive = readdirSync(fetched).find((name) => /\.orig\.tar\.\w+$/.test(name))
  if (archive === undefined || statSync(path.join(fetched, archive)).size === 0)
    throw new Error(`Debian gave no source of ${debian}: ${short(stderr)}`)
  const patterns = only.map((pattern) => `*/${pattern}`)
  const choice = patterns.length > 0 ? ['--wildcards', ...patterns] : []
  await must(
    'tar',
    ['xf', path.join('.fetched', archive), '--strip-components=1', ...choice],
    folder,
  )
  rmSync(fetched, { recursive: true })
  return /_([^_]+)\.orig/.exec(archive)[1].replace(/\+.*/, '')
}

function sources(release, cache) {
  const key = release ?? 'own'
  if (!listed.has(key)) listed.set(key, listSources(release, path.join(cache, '.apt', key)))
  return listed.get(key)
}

async function listSources(release, own) {
  for (const each of ['parts', 'lists/partial', 'archives/partial'])
    mkdirSync(path.join(own, each), { recursive: true })
  const texts = release === undefined ? ownRelease() : [otherRelease(release)]
  for (const [n, text] of texts.entries())
    writeFileSync(path.join(own, 'parts', `${n}.sources`), text)
  const options = Object.entries({
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': path.join(own, 'parts'),
    'Dir::State::lists': path.join(own, 'lists'),
    'Dir::Cache': own,
    'APT::Sandbox::User': 'root',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await must('apt-get', [...options, 'update', '-qq'], own)
  return options
}

/** What the system installs from, as sources. */
function ownRelease() {
  return stanzas().map((text) => text.replaceAll(/^Types:.*$/gm, 'Types: deb-src'))
}

function otherRelease(release) {
  const uri = stanzas()
    .flatMap((text) => [...text.matchAll(/^URIs:\s*(\S+)/gm)])
    .map(([, each]) => each)
    .find((each) => /\/debian\/?$/.test(each))
  if (uri === undefined) throw new Error('this system names no place that Debian comes from')
  return stanza(uri, release, 'main')
}

function stanzas() {
  const parts = existsSync(SYSTEM) ? readdirSync(SYSTEM) : []
  const texts = parts
    .filter((name) => /^debian.*\.sources$/.test(name))
    .map((name) => readFileSync(path.join(SYSTEM, name), 'utf8'))
  const lines = existsSync(SINGLE) ? readFileSync(SINGLE, 'utf8').split('\n') : []
  for (const line of lines) {
    const [, uri, suite, components] = /^deb (?:\[.*?\] )?(\S+) (\S+) (.+)$/.exec(line) ?? []
    if (uri !== undefined) texts.push(stanza(uri, suite, components))
  }
  if (texts.length === 0) throw new Error('this system has no sources of Debian')
  return texts
}

function stanza(uri, suite, components) {
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg'
  return `Types: deb-src\nURIs: ${uri}\nSuites: ${suite}\nComponents: ${components}\nSigned-By: ${key}\n`
}
