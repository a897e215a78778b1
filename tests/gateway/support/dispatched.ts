// One request through `dispatcher()`, until its answer has come to its end.
import { type DispatcherOptions, type DispatchRequest, dispatcher } from '@expectation/gateway'
import { afterThisTest } from '../../support/cleanup.js'
import { within } from '../../support/server.js'

export async function dispatched(
  options: DispatcherOptions,
  request: DispatchRequest,
): Promise<void> {
  const asked = dispatcher(options)
  afterThisTest(() => asked.destroy())
  const answered = new Promise<void>((resolve, reject) => {
    asked.request(request, (error, got) => {
      if (got === undefined) reject(error)
      else got.body.resume().once('end', resolve)
    })
  })
  await within('an answer', answered)
}
