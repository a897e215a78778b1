// Public names, nothing else.

export { hearOut } from './hear-out.js'
