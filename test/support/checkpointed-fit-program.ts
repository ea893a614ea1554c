import { checkpointedFit } from './checkpointed-fit.ts'

/* A program for test/model/callbacks/model-checkpoint.test.ts: trains, and writes a line after each step. */

await checkpointedFit(process.argv[2], undefined, () => process.stdout.write('step\n'))
