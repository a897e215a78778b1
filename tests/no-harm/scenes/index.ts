// Every application under trial, by name.
import type { Scenes } from '../support/scene.js'
import { basic } from './basic.js'
import { contentThere } from './content-there.js'
import { copies } from './copies.js'
import { earlyAnswers } from './early-answers.js'
import { lethal } from './lethal.js'
import { limits } from './limits.js'

export const scenes: Scenes = {
  ...basic,
  ...contentThere,
  ...copies,
  ...earlyAnswers,
  ...lethal,
  ...limits,
}
