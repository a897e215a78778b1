// The pages that users read, by their paths in the repository.
import { readdirSync } from 'node:fs'
import path from 'node:path'

export const root = path.join(__dirname, '../..')

export const inFolder = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name))
export const packages = readdirSync(path.join(root, 'packages')).map(
  (name) => `packages/${name}/README.md`,
)

export const pages = ['README.md', ...inFolder('docs'), ...inFolder('docs/recipes'), ...packages]
