// What is published on a diagnostics channel while a test runs.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterThisTest } from './cleanup.js'

/** From now until the end of the test, in the order in which it comes. */
export function published<Message>(channel: string): readonly Message[] {
  const messages: Message[] = []
  const note = (message: unknown): void => void messages.push(message as Message)
  subscribe(channel, note)
  afterThisTest(() => void unsubscribe(channel, note))
  return messages
}
