import { engineOf, nodeProgram } from '../support/engines.ts'
import { hasTurbo } from '../support/mode.ts'
import { bundleForNode, runProgram } from '../support/session.ts'
import { type Browser, bitsInBrowser, browsers, bundleForPages, versionOf } from './browsers.ts'
import type { Bits, Choice } from './train.ts'

/** Where models can be trained, if it is there. */
export interface Place {
  readonly name: string
  readonly choices: readonly Choice[]
  /** What brings it here. */
  readonly remedy: string
  /** @throws Error where it is not there */
  open(): Promise<OpenPlace>
}

export interface OpenPlace {
  readonly version: string
  /** Trains in a process of its own. */
  train(choice: Choice): Promise<Bits>
}

/** Beside the Node that runs. */
const MAJORS = [20, 22, 24, 26]
const ARM64_MAJOR = 24
/** Where Debian puts arm64's libraries on other machines. */
const ARM64_LIBRARIES = '/usr/aarch64-linux-gnu'

/** The definition of the bits. It takes long, so that one place does it for all. */
const reference: Choice = { kernels: 'reference', threads: 1, turbo: false }
const simd: Choice = { kernels: 'simd', threads: 1, turbo: false }

/**
 * Where the bits are compared; the Node that runs is the first, and the reference its first choice.
 *
 * @param alone whether there are to be no others
 */
export async function places(alone: boolean): Promise<Place[]> {
  const program = await bundleForNode(new URL('in-node.ts', import.meta.url))
  const running = Number(process.versions.node.split('.')[0])
  const here = nodePlace(running, program)
  const first = { ...here, choices: [reference, ...here.choices] }
  if (alone) return [first]
  const others = MAJORS.filter(major => major !== running)
  const script = await bundleForPages()
  return [
    first,
    ...others.map(major => nodePlace(major, program)),
    arm64Place(program),
    ...browsers.flatMap(browser => [true, false].map(isolated => pagePlace(browser, isolated, script))),
  ]
}

function nodePlace(major: number, program: string): Place {
  const turbo = hasTurbo({ major }) ? [{ ...simd, threads: 2, turbo: true }] : []
  return {
    name: `Node ${major}`,
    choices: [simd, { ...simd, threads: 2 }, ...turbo],
    remedy: 'it comes from npm, which needs its registry',
    async open() {
      const { path, version } = await engineOf(major)
      return {
        version,
        train: async choice => JSON.parse(await runProgram(path, [program, JSON.stringify(choice)])),
      }
    },
  }
}

/** Node for arm64, in an emulator. */
function arm64Place(program: string): Place {
  return {
    name: 'Node for arm64, in qemu',
    choices: [simd, { ...simd, threads: 2 }],
    remedy: 'apt-get install qemu-user libc6-arm64-cross libstdc++6-arm64-cross',
    async open() {
      const path = await nodeProgram(ARM64_MAJOR, 'arm64')
      const emulate = (...args: string[]) =>
        runProgram('qemu-aarch64', [path, ...args], { QEMU_LD_PREFIX: ARM64_LIBRARIES })
      const version = await emulate('-p', 'process.versions.node')
      return {
        version: version.trim(),
        train: async choice => JSON.parse(await emulate(program, JSON.stringify(choice))),
      }
    },
  }
}

/** A page, isolated from other origins or not: an engine may refuse shared memory to one that is not. */
function pagePlace(browser: Browser, isolated: boolean, script: string): Place {
  return {
    name: isolated ? `${browser.name}, isolated page` : browser.name,
    choices: [simd],
    remedy: browser.remedy,
    open: async () => ({
      version: await versionOf(browser),
      train: choice => bitsInBrowser(browser, script, choice, isolated),
    }),
  }
}
