// A service on Go's net/http that refuses from the head, as middleware in Go does.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { portOf } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'

const SOURCE = `package main

import ("fmt"; "io"; "net"; "net/http")

func main() {
	http.HandleFunc("/take", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		fmt.Fprintln(w, "taken")
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no", http.StatusUnauthorized)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { panic(err) }
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, nil))
}
`

export const hasGo = spawnSync('go', ['version']).status === 0

let built: string | undefined

/** Builds the program; the first time on a machine this takes a while. */
export function buildGo(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-doctor-go-'))
  built = path.join(folder, 'service')
  writeFileSync(path.join(folder, 'main.go'), SOURCE)
  const ended = spawnSync('go', ['build', '-o', built, 'main.go'], {
    cwd: folder,
    env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (ended.status !== 0) throw new Error(`go build: ${ended.stderr}`)
}

export function removeGo(): void {
  if (built !== undefined) rmSync(path.dirname(built), { recursive: true, force: true })
}

export async function goService(): Promise<{ readonly port: number }> {
  if (built === undefined) buildGo()
  const child = spawn(built ?? '', { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  afterThisTest(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { port: await portOf(child, 'the Go service') }
}
