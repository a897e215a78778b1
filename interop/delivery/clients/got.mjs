import { got } from 'got'
import { tally, whole } from './kit.mjs'

tally(async (url, body) => {
  const response = await got.put(url, { body, throwHttpErrors: false, retry: { limit: 0 } })
  return whole(response.statusCode, response.body)
})
