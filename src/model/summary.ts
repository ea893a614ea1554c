import { formatShape, type Shape } from '../tensor/shape.ts'
import type { Real } from '../tensor/tensor.ts'
import { alignedTable } from '../text/aligned-table.ts'
import { kerasSummary } from '../text/keras-table.ts'
import { terminal } from '../text/terminal.ts'
import type { NamedLayer } from './plan/chain.ts'
import { type Layout, layOut } from './plan/layout.ts'
import type { Network } from './plan/network.ts'

/**
 * The table that Keras prints of a model.
 *
 * @param slots arrays that the optimiser keeps for each weight; undefined before the first step
 */
export function summary(
  name: string,
  layers: readonly NamedLayer[],
  network: Network<Real> | null,
  slots: number | undefined,
): string {
  const rows = layers.map(({ name, layer }) => {
    if (!network) return { name, type: layer.type, outputShape: '?', parameters: '0 (unbuilt)' }
    const output: Shape = network.links.findLast(({ owner }) => owner === name)!.outputShape
    const own = network.placed.filter(({ path }) => path.startsWith(`${name}/`))
    return {
      name,
      type: layer.type,
      outputShape: formatShape(['None', ...output]),
      parameters: own.reduce((count, { size }) => count + size, 0),
    }
  })
  const totalParameters = network?.parameterCount ?? 0
  // Keras counts the learning rate and the step counter as variables of the optimiser.
  const optimizerParameters = slots === undefined ? undefined : slots * totalParameters + 2
  return kerasSummary({
    name,
    layers: rows,
    totalParameters,
    optimizerParameters,
    columns: terminal().columns,
  })
}

/** The steps that a model is compiled to, with the memory and work of each, for batches of `rows` rows. */
export function describePlan(network: Network<Real>, rows: number): string {
  const bytesPerReal = network.values.BYTES_PER_ELEMENT
  const training = layOut(network.steps, { maxRows: rows, training: true, bytesPerReal })
  const inference = layOut(network.steps, { maxRows: rows, bytesPerReal })
  const steps = network.steps.map(({ owner, layer, inputShape, outputShape, needs }, k) => [
    String(k + 1),
    `${owner} (${layer.type})`,
    `${formatShape(inputShape)} → ${formatShape(outputShape)}`,
    memoryOf(training, k),
    megaflops(rows * (needs.multiplyAdds ?? 0)),
  ])
  const work = network.steps.reduce((sum, { needs }) => sum + rows * (needs.multiplyAdds ?? 0), 0)
  const weights = network.values.length * bytesPerReal
  return [
    `Plan for batches of up to ${rows} rows: ${network.kernels.name}`,
    alignedTable(['step', 'layer', 'shape of a row', 'writes to', 'forward'], steps, [0, 4]),
    `weights ${megabytes(weights)}, their gradients as much again`,
    `activations ${megabytes(training.bytes)} to train, ${megabytes(inference.bytes)} to predict`,
    `forward ${megaflops(work)} a batch`,
    '',
  ].join('\n')
}

function memoryOf({ links }: Layout, k: number): string {
  const { x, y, saved } = links[k]
  const kept = Object.entries(saved).map(([name, { bytes }]) => ` + ${name} ${megabytes(bytes)}`)
  return `${x === y ? 'in place' : megabytes(y.bytes)}${kept.join('')}`
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e5 ? 3 : 1)} MB`

const megaflops = (multiplyAdds: number): string =>
  multiplyAdds ? `${((2 * multiplyAdds) / 1e6).toFixed(1)} MFLOP` : ''
