// What is remembered ends when it should, whatever becomes of the clock of the day meanwhile.

import { OriginMemory } from './memory.js'

const MINUTES = 60_000

test.each([
  ['set back', -3_600_000],
  ['set ahead', 3_600_000],
])('a clock that is %s changes nothing', (_how, jumpMs) => {
  const [day, since] = [Date.now(), performance.now()]
  const date = jest.spyOn(Date, 'now').mockReturnValue(day)
  const clock = jest.spyOn(performance, 'now').mockReturnValue(since)
  const memory = new OriginMemory()
  memory.doesNotAnswerAsking()
  memory.saidNo('30')
  date.mockReturnValue(day + jumpMs)
  clock.mockReturnValue(since + 29_000)
  expect([memory.isAvoided, memory.isNotAsked]).toEqual([true, true])
  clock.mockReturnValue(since + 31_000)
  expect([memory.isAvoided, memory.isNotAsked]).toEqual([false, true])
  clock.mockReturnValue(since + 11 * MINUTES)
  expect(memory.isNotAsked).toBe(false)
  date.mockRestore()
  clock.mockRestore()
})
