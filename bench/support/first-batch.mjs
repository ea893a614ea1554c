/* The built library from its import to its first trained batch: prints the seconds. Run from the repository's root. */
const began = performance.now()
const { Adam, Conv2D, Dense, Flatten, MaxPool2D, Rescaling, Sequential, tensor } = await import('convnet-ts')

const rows = 512
const model = new Sequential([
  new Rescaling({ scale: 1 / 255 }),
  new Conv2D({ filters: 32, kernelSize: 3, activation: 'relu' }),
  new MaxPool2D(),
  new Flatten(),
  new Dense({ units: 32, activation: 'relu' }),
  new Dense({ units: 10, activation: 'sigmoid' }),
])
model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: new Adam() })
const pixels = new Uint8Array(rows * 784).map((_, i) => i % 251)
const labels = new Uint8Array(rows).map((_, row) => row % 10)
const { loss } = model.trainOnBatch(tensor(pixels, [rows, 28, 28, 1]), labels)
const seconds = (performance.now() - began) / 1000

if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`)
process.stdout.write(String(seconds))
