import axios from 'axios'
import { tally, whole } from './kit.mjs'

tally(async (url, content) => {
  const response = await axios.put(url, content, {
    responseType: 'text',
    transformResponse: (text) => text,
    validateStatus: () => true,
  })
  return whole(response.status, response.data)
})
