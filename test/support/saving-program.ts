import { Dense, Sequential, setBackend } from 'convnet-ts'

/* A program for test/node/two-writers.test.ts: saves a model again and again, and tells its parent what comes of it, until
 * its parent says anything. */

setBackend({ kernels: 'reference' }) // They are there at once.
const [file, seed] = process.argv.slice(2)
const model = new Sequential([new Dense({ units: 32 })], { inputShape: [500], seed: Number(seed) })
model.build([500])

let goesOn = true
process.once('message', () => {
  goesOn = false
})
while (goesOn) {
  const refusal = await model.save(file).then(
    () => null,
    (error: unknown) => String(error),
  )
  process.send!(refusal)
  // Also after refusals, which may come at once.
  await new Promise(setImmediate)
}
process.disconnect()
