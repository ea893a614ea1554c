import { writeModule } from './assembly/write-module.ts'
import type { Target } from './numerics.ts'
import { tasksFor } from './tasks.ts'

/**
 * The bytes of the module with the tasks of all kernels. They are written here, where TypeScript runs as it stands; the built
 * package has them written: build.js puts prebuilt-modules.ts in the place of this file.
 */
export const moduleFor = (target: Target): Uint8Array => writeModule(tasksFor(target))
