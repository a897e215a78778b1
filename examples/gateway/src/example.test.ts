// What the terminal promises: relayed, refused at no cost, taken by the second when the first is busy.
import { start } from './start.js'

const SIZE = 200_000

test('relay, refusal, failover', async () => {
  const lines: string[] = []
  const { url, stop } = await start({ port: 0, token: 't', log: (line) => lines.push(line) })
  try {
    const put = (token: string): Promise<Response> =>
      fetch(`${url}/film`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${token}` },
        body: Buffer.alloc(SIZE),
      })
    const first = await put('t')
    expect([first.status, first.headers.get('x-storage')]).toEqual([201, 'storage-1'])
    const refused = await put('wrong')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    await refused.text()
    const second = await put('t')
    expect([second.status, await second.text()]).toEqual([
      201,
      `${SIZE} bytes are with storage-2\n`,
    ])
  } finally {
    await stop()
  }
  expect(lines.filter((line) => line.startsWith('gateway'))).toEqual([
    `gateway: PUT /film 201 (201): ${SIZE} sent, 0 spared`,
    `gateway: PUT /film 401 (401): 0 sent, ${SIZE} spared`,
    `gateway: PUT /film 201 (503, then 201): ${SIZE} sent, 0 spared`,
  ])
  expect(lines).toContain('storage-1: PUT /film 503, no content')
})
