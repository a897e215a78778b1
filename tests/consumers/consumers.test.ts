// Everything a user's project may be: one packed installation, many ways of using it.
import { contract } from './contract.js'
import { modules } from './modules.js'
import { programs } from './programs.js'
import { createProject, type Project } from './project.js'
import { strict } from './strict.js'
import { together } from './together.js'
import { tracing } from './tracing.js'
import { types } from './types.js'

let made: Project | undefined
let isolated: Project | undefined
const project = (): Project => {
  if (made === undefined) throw new Error('the project could not be made')
  return made
}

beforeAll(async () => {
  made = await createProject()
  isolated = await createProject('isolated')
}, 180_000)
afterAll(() => {
  made?.remove()
  isolated?.remove()
})

jest.setTimeout(180_000)

describe('modules', () => modules(project))
describe('types', () => types(project))
describe('programs', () => programs(project))
describe('strict', () => strict(project, () => (isolated === undefined ? [] : [isolated])))
describe('together', () => together(project))
describe('contract', () => contract(project))
describe('tracing', () => tracing(project))
