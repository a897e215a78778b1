// PutObject of the AWS SDK for JavaScript v3. It asks by itself, and waits six seconds for an answer.
import { createReadStream, statSync } from 'node:fs'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

const [url, file] = process.argv.slice(2)
const { origin, pathname } = new URL(url)
const [, Bucket, Key] = pathname.split('/')
const client = new S3Client({
  endpoint: origin,
  region: 'eu-central-1',
  forcePathStyle: true,
  maxAttempts: 1,
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  requestChecksumCalculation: 'WHEN_REQUIRED',
})
try {
  const Body = createReadStream(file)
  const sent = { Bucket, Key, Body, ContentLength: statSync(file).size }
  // Sooner than its own six seconds, after which it sends whatever the server thinks of it.
  const abortSignal = AbortSignal.timeout(5_000)
  const { $metadata } = await client.send(new PutObjectCommand(sent), { abortSignal })
  console.log(JSON.stringify({ status: $metadata.httpStatusCode, seen: 'ok' }))
} catch (error) {
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode ?? 0
  console.log(JSON.stringify({ status, seen: error.name }))
}
process.exit()
