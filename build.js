/*
 * The package's JavaScript: the modules of src/, each once, in a few files. An engine loads them in half the time that it
 * takes for a file each. The kernels' WebAssembly is written here: at run time that took a third of the time to the first
 * trained batch.
 */
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { tsImport } from 'tsx/esm/api'
import * as wasmati from 'wasmati'

const source = path => tsImport(`./src/${path}`, import.meta.url)
const { targetsToChoose } = await source('backend/targets.ts')
const { targetName } = await source('kernels/simd/numerics.ts')
const { moduleFor } = await source('kernels/simd/module-for.ts')

/** Code that adds the modules for all targets with the revectoriser, or without, to those of prebuilt-modules.ts. */
function addModules(revectorized) {
  const modules = targetsToChoose(revectorized).map(target => [
    targetName(target),
    Buffer.from(moduleFor(target)).toString('base64'),
  ])
  return `addModules(${JSON.stringify(Object.fromEntries(modules))})`
}

/** Files of src/ that the package has others in the place of. */
const replaced = {
  'kernels/simd/module-for.ts': `import { addModules, moduleFor } from './prebuilt-modules.ts'
    ${addModules(false)}
    export { moduleFor }`,
  'node/turbo-modules.ts': `import { addModules } from '../kernels/simd/prebuilt-modules.ts'
    ${addModules(true)}`,
}

const prebuilt = {
  name: 'prebuilt modules',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /(module-for|turbo-modules)\.ts$/ }, ({ path }) => {
      const file = Object.keys(replaced).find(name => path.replaceAll('\\', '/').endsWith(`/src/${name}`))
      return { contents: replaced[file], loader: 'js' }
    })
    // Nothing is written at run time: what is left of the code that would write is never run, and goes without wasmati.
    onResolve({ filter: /^wasmati$/ }, () => ({ path: 'wasmati', namespace: 'absent' }))
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: `export let ${Object.keys(wasmati)}` }))
  },
}

const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The files that a value of `exports` or `bin` leads to. */
const filesOf = value => (typeof value === 'string' ? [value] : Object.values(value).flatMap(filesOf))

const scripts = filesOf([exports, bin]).filter(file => file.endsWith('.js'))
await build({
  entryPoints: [...new Set(scripts)].map(file => file.replace(/^(\.\/)?dist/, 'src').replace(/js$/, 'ts')),
  outdir: 'dist',
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'neutral',
  target: 'node20.19',
  packages: 'external',
  plugins: [prebuilt],
  sourcemap: true,
  // The package has its sources.
  sourcesContent: false,
})
