// Executes a page of documentation: each TypeScript block is a program, run as it stands there with the
// built packages, and each command below it is run against it and must print what the page shows.
// Afterwards a server lives through clients that leave, and through content over its limit.
//
// - `js` that begins with `// <file>`: a file that lies beside the next program.
// - `ts`: a program. It listens on port 3000 (a free one is given instead), or it ends by itself.
// - `sh`: commands; those that begin with `npm install` are not run.
// - `text` right behind `sh`: what they print. `…` stands for anything within a line.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { transformSync } from '@swc/core'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'
import { type CodeBlock, codeBlocks } from './markdown.js'
import { programFolder } from './program-folder.js'
import { sendRudely } from './rude-clients.js'

export interface Program {
  readonly heading: string
  readonly code: string
  /** Names and contents. */
  readonly files: readonly (readonly [string, string])[]
  readonly commands: readonly Command[]
}

export interface Command {
  readonly command: string
  /** Absent when the page does not show it. */
  readonly answer: string | undefined
}

const START_MS = 20_000
const preload = pathToFileURL(path.join(__dirname, 'support/listen-anywhere.mjs')).href

/** Programs of a page, each with the commands between it and the next one. */
export function programsOf(markdown: string): readonly Program[] {
  const programs: (Program & { readonly commands: Command[] })[] = []
  const blocks = codeBlocks(markdown)
  let files: (readonly [string, string])[] = []
  blocks.forEach((block, index) => {
    const { heading, language, code } = block
    const name = language === 'js' ? /^\/\/ (\S+\.\w+)$/m.exec(code)?.[1] : undefined
    if (name !== undefined) files.push([name, code])
    if (language === 'ts') {
      programs.push({ heading, code, files, commands: [] })
      files = []
    }
    if (language !== 'sh' || /^(npm|npx) /.test(code)) return
    programs.at(-1)?.commands.push({ command: code, answer: answerBehind(blocks, index) })
  })
  return programs
}

function answerBehind(blocks: readonly CodeBlock[], index: number): string | undefined {
  const next = blocks[index + 1]
  return next?.language === 'text' ? next.code : undefined
}

/** Runs a program and its commands; throws with everything that was printed when one fails. */
export async function runProgram(
  { code, files, commands }: Program,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = programFolder()
  for (const [name, content] of [['package.json', '{"type":"module"}'] as const, ...files]) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  const file = path.join(folder, 'program.mjs')
  writeFileSync(file, javascript(code))
  const child = spawn(process.execPath, ['--import', preload, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'test', TOKEN: 'secret', ...environment },
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  afterThisTest(async () => {
    child.kill('SIGKILL')
    await closed
  })
  const port = await started(child)
  for (const command of commands) await ask(command, port, folder)
  // A program that has ended by itself has nothing more to take.
  if (port === 0 || child.exitCode !== null) return
  await sendRudely(commands, port)
  // An error that nobody catches ends a process within a turn or two; one that was told to stop ends well.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))])
  if (child.exitCode) throw new Error(`A client ended it, with ${child.exitCode}`)
}

function javascript(code: string): string {
  return transformSync(code, {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  }).code
}

/** The port it listens on; 0 when it has ended without a fault. */
async function started(child: ChildProcess): Promise<number> {
  let output = ''
  const port = new Promise<number>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      const found = /^listening on (\d+)$/m.exec(output)
      if (found !== null) resolve(Number(found[1]))
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('exit', (exitCode) => {
      if (exitCode === 0) resolve(0)
      else reject(new Error(`The program ended with ${exitCode}:\n${output}`))
    })
  })
  return within('the program', port, START_MS).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${output}`)
  })
}

async function ask({ command, answer }: Command, port: number, cwd: string): Promise<void> {
  const script = command.replaceAll('localhost:3000', `127.0.0.1:${port}`)
  const shell = spawn('sh', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  afterThisTest(() => void shell.kill('SIGKILL'))
  const closed = new Promise<number | null>((resolve) => shell.once('close', resolve))
  const output = Promise.all([text(shell.stdout), text(shell.stderr)])
  const status = await within(script, closed, START_MS)
  const [printed, complaints] = await output
  if (answer !== undefined) expect(readable(printed)).toEqual(matching(answer))
  else if (status !== 0) throw new Error(`${script}\n${printed}${complaints}`)
}

function readable(output: string): string {
  return output.replaceAll('\r', '').trimEnd()
}

function matching(answer: string): unknown {
  if (!answer.includes('…')) return answer.trimEnd()
  const pattern = answer.trimEnd().split('…').map(literal).join('.*')
  return expect.stringMatching(new RegExp(`^${pattern}$`))
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
