// Every application under trial, by name.
import type { Scenes } from '../support/scene.js'
import { basic } from './basic.js'
import { copies } from './copies.js'
import { lethal } from './lethal.js'
import { limits } from './limits.js'

export const scenes: Scenes = { ...basic, ...copies, ...lethal, ...limits }
