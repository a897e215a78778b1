// The storage: OpenStack Swift with its S3 interface where Debian's python3-swift is installed, else a
// small double of S3, which says so.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { s3Double } from './s3-double.mjs'

const SWIFT = '/usr/lib/python3/dist-packages/swift/proxy/server.py'
const SERVE = fileURLToPath(new URL('serve-swift.py', import.meta.url))

export async function startStorage(folder) {
  const wanted = process.env.INGRESS_STORAGE !== 'double'
  const storage =
    wanted && existsSync(SWIFT)
      ? await swift(path.join(folder, 'swift'))
      : await s3Double(wanted ? 'python3-swift is not installed' : 'as INGRESS_STORAGE wants it')
  const client = new S3Client({
    endpoint: storage.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test:writer', secretAccessKey: 'secret' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  await client.send(new CreateBucketCommand({ Bucket: 'uploads' }))
  return { ...storage, client }
}

async function swift(folder) {
  mkdirSync(folder)
  const child = spawn('/usr/bin/python3', ['-W', 'ignore', SERVE, folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Ctrl-C is for the parent, which ends it when the services have ended.
    detached: true,
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(Number(text)))
    child.once('exit', () => reject(new Error('Swift ended before it listened.')))
    child.once('error', reject)
  })
  return {
    name: 'OpenStack Swift with s3api',
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
