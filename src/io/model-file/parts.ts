import { show } from '../../errors.ts'
import { builtInLayer } from '../../layers/built-in.ts'
import type { Layer } from '../../layers/layer.ts'
import type { Loss } from '../../losses/loss.ts'
import { builtInLoss } from '../../losses/losses.ts'
import type { Metric } from '../../metrics/metric.ts'
import { builtInMetric } from '../../metrics/metrics.ts'
import type { LayerDescription } from '../../model/resuming/architecture.ts'
import type { Optimizer } from '../../optim/optimizer.ts'
import { builtInOptimizer } from '../../optim/optimizers.ts'
import type { Problems } from '../problems.ts'
import { type CustomParts, makeCustom } from './custom.ts'
import type { PartDescription } from './document.ts'

/** Makes the parts of a model again, and gathers what is wrong with those that cannot be made. */
export class Parts {
  readonly #custom: CustomParts
  readonly #problems: Problems

  constructor(custom: CustomParts, problems: Problems) {
    this.#custom = custom
    this.#problems = problems
  }

  layer(description: LayerDescription): Layer | null {
    const { type, name, config } = description
    return this.#make(`layer ${name}`, { ...description, name: type }, 'a Layer of this type', {
      builtIn: () => builtInLayer(type, config, name),
      fits: layer =>
        typeof layer.bind === 'function' && typeof layer.outputShape === 'function' && layer.type === type,
    })
  }

  loss(description: PartDescription): Loss | null {
    const { name, config } = description
    return this.#make('the loss', description, 'a Loss of this name', {
      builtIn: () => builtInLoss(name, config),
      fits: loss => typeof loss.row === 'function' && loss.name === name,
    })
  }

  metric(description: PartDescription): Metric | null {
    const { name, config } = description
    return this.#make('a metric', description, 'a Metric of this name', {
      builtIn: () => builtInMetric(name, config),
      fits: metric => typeof metric.row === 'function' && metric.name === name,
    })
  }

  optimizer(description: PartDescription): Optimizer | null {
    const { name, config } = description
    return this.#make('the optimiser', description, 'an Optimizer of this name', {
      builtIn: () => builtInOptimizer(name, config),
      fits: optimizer => typeof optimizer.bind === 'function' && optimizer.name === name,
    })
  }

  /**
   * @param what the part's role, for messages
   * @param expected what a custom part must be
   */
  #make<T extends object>(
    what: string,
    { name, config, custom }: PartDescription,
    expected: string,
    { builtIn, fits }: { builtIn(): T | null; fits(part: Partial<T>): boolean },
  ): T | null {
    try {
      if (Object.hasOwn(this.#custom, name)) {
        const made: object | null = makeCustom(this.#custom[name], config)
        if (made && fits(made)) return made as T
        this.#problems.add(`${what}: custom.${name} gives ${show(made)}, expected ${expected}`)
        return null
      }
      const made = custom ? null : builtIn()
      if (made === null) {
        this.#problems.add(
          `${what} is ${show(name)}, which is none of the library's own: ` +
            `give what makes it, loadModel(file, { custom: { ${name}: … } })`,
        )
      }
      return made
    } catch (error) {
      this.#problems.add(`${what} cannot be made again: ${(error as Error).message}`)
      return null
    }
  }
}
