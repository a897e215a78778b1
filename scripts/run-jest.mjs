// Runs Jest to its end, and makes work that a test left behind (open handles) a failure: left to
// itself Jest only warns, or waits for ever.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { commandOf, root } from './workspace.mjs'

const LEFT_BEHIND = /Jest did not exit|failed to exit gracefully/
const GRACE_MS = 3_000

/** Resolves with the exit code, what was left behind, and the summary, when Jest came that far. */
export async function runJest(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-jest-'))
  const summaryFile = path.join(folder, 'summary.json')
  try {
    const { code, leftBehind } = await jestProcess(args, summaryFile)
    return { code, leftBehind, summary: readSummary(summaryFile) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function jestProcess(args, summaryFile) {
  const child = spawn(process.execPath, [commandOf('jest'), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      EXPECTATION_SUMMARY_FILE: summaryFile,
      ...(process.stderr.isTTY ? { FORCE_COLOR: '1' } : {}),
    },
  })
  let leftBehind = false
  child.stderr.on('data', (chunk) => {
    process.stderr.write(chunk)
    if (leftBehind || !LEFT_BEHIND.test(chunk.toString())) return
    leftBehind = true
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, leftBehind }))
  })
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
