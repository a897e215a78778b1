// OpenStack Swift of Debian with its S3 interface, one for the tests of a file: it takes seconds to start.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { portOf } from '../../support/child.js'

/** Debian's, which has Debian's packages; the first one in PATH may be another. */
const PYTHON = '/usr/bin/python3'
export const hasSwift = existsSync('/usr/lib/python3/dist-packages/swift/proxy/server.py')
export const WITHOUT_SWIFT = 'python3-swift is not installed'
/** One process, which the example starts, too. */
const SERVE = path.join(__dirname, '../../../examples/ingress/serve-swift.py')
export const BUCKET = 'uploads'

export interface Swift {
  readonly endpoint: string
  /** By a user who may do everything, or with another key. */
  client(secret?: string): S3Client
  /** What is stored: objects of the bucket, and the segments behind multipart uploads. */
  stored(): Promise<{ readonly objects: readonly string[]; readonly parts: number }>
}

/** Started before the tests of the file, and ended after them. */
export function swiftForThisFile(): () => Swift {
  let swift: Swift | undefined
  let end: () => Promise<void> = async () => undefined
  if (hasSwift) {
    beforeAll(async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'expectation-swift-'))
      const child = spawn(PYTHON, ['-W', 'ignore', SERVE, folder], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      end = ending(child, folder)
      swift = swiftAt(`http://127.0.0.1:${await portOf(child, 'swift', 40_000)}`)
      await swift.client().send(new CreateBucketCommand({ Bucket: BUCKET }))
    }, 60_000)
    afterAll(() => end())
  }
  return () => {
    if (swift === undefined) throw new Error('Swift has not started')
    return swift
  }
}

function ending(child: ChildProcessByStdio<null, Readable, Readable>, folder: string) {
  const exited = new Promise((resolve) => child.once('exit', resolve))
  return async () => {
    child.kill('SIGKILL')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A client as applications make it, with the SDK's defaults; Swift wants the address and nothing else. */
export function clientOf(endpoint: string, secretAccessKey = 'secret'): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test:writer', secretAccessKey },
    // One attempt, so that a refusal is told at once.
    maxAttempts: 1,
  })
}

function swiftAt(endpoint: string): Swift {
  return {
    endpoint,
    client: (secret) => clientOf(endpoint, secret),
    async stored() {
      const client = clientOf(endpoint)
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      const { Uploads = [] } = await client.send(
        new ListMultipartUploadsCommand({ Bucket: BUCKET }),
      )
      return { objects: Contents.map(({ Key = '' }) => Key), parts: Uploads.length }
    },
  }
}
