import { tally, whole } from './kit.mjs'

tally(async (url, body) => {
  const response = await fetch(url, { method: 'PUT', body })
  return whole(response.status, await response.text())
})
