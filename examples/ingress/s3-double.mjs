// As much of S3 as this example needs, in memory: one bucket, objects by PUT, GET, HEAD and DELETE. It says
// 100 when it takes an upload, and refuses a bucket that is not there before.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

export async function s3Double(why) {
  const buckets = new Map()
  const server = createServer()
  for (const event of ['request', 'checkContinue']) {
    server.on(event, (request, response) => answer(buckets, request, response, event))
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    name: `a small S3 double (${why})`,
    url: `http://127.0.0.1:${server.address().port}`,
    pid: process.pid,
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answer(buckets, request, response, event) {
  const [, bucket, key = ''] = request.url.split(/[/?]/)
  const objects = buckets.get(bucket)
  request.on('error', () => {})
  if (key === '' && request.method === 'PUT') {
    buckets.set(bucket, new Map())
    response.end()
  } else if (objects === undefined) {
    response.writeHead(404, { Connection: 'close' })
    response.end('<Error><Code>NoSuchBucket</Code></Error>')
  } else if (request.method === 'PUT') {
    if (event === 'checkContinue') response.writeContinue()
    take(objects, key, request, response)
  } else if (request.method === 'DELETE') {
    objects.delete(key)
    response.writeHead(204).end()
  } else if (objects.has(key)) {
    const content = objects.get(key)
    response.writeHead(200, { 'Content-Length': content.length, ETag: etag(content) })
    response.end(request.method === 'HEAD' ? undefined : content)
  } else {
    response.writeHead(404).end()
  }
}

function take(objects, key, request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const content = Buffer.concat(chunks)
    objects.set(key, content)
    response.writeHead(200, { ETag: etag(content) }).end()
  })
}

function etag(content) {
  return `"${createHash('md5').update(content).digest('hex')}"`
}
