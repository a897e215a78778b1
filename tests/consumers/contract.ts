// The contract once more, against what would be published: the packed packages' public names, and the
// frameworks that were installed beside them.
import { expectWhole, rerunContract } from '../contract/rerun.js'
import type { Project } from './project.js'

export function contract(project: () => Project): void {
  test('the contract holds for the packed packages', async () => {
    expectWhole(await rerunContract({ installed: `${project().folder}/node_modules` }))
  })
}
