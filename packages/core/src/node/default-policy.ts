// What holds on an attached server where no gate has spoken.

import { compilePolicy } from '../policy/policy.js'

export const DEFAULT_POLICY = compilePolicy()
