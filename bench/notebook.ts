/*
 * How long does the notebook take, all three experiments of 50 epochs, and what does it learn? `npm start` in the newest Node.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from '../examples/fashion-mnist/output.ts'
import type { Answer, Figure, Question } from './support/answer.ts'
import { runProgram } from './support/session.ts'

const ACCURACY = { least: 0.9, most: 0.925 }
const SECONDS = 300

export const notebook: Question = {
  name: 'notebook',
  async ask({ engines, quick, say }): Promise<Answer> {
    const engine = engines[engines.length - 1]
    say(`notebook: npm start in Node ${engine.version}, which takes minutes`)
    const out = mkdtempSync(join(tmpdir(), 'convnet-ts-bench-'))
    try {
      const tsx = createRequire(import.meta.url).resolve('tsx/cli')
      const options = ['--out', out, ...(quick ? ['--epochs', '1', '--train-rows', '2000'] : [])]
      const began = performance.now()
      const printed = await runProgram(engine.path, [tsx, 'examples/fashion-mnist/main.ts', ...options])
      const seconds = (performance.now() - began) / 1000
      const results: Result[] = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
      const [, backend] = /^Backend: (.*)/m.exec(printed)!
      return {
        tables: [
          {
            title: `npm start: ${seconds.toFixed(0)} s; ${backend}; ${results[0].data}`,
            header: ['experiment', 'epochs', 's', 'test accuracy', 'test loss', 'training accuracy'],
            rows: results.map(({ experiment, epochs, seconds: own, testAccuracy, testLoss, accuracy }) => [
              experiment,
              epochs,
              own,
              testAccuracy,
              testLoss,
              accuracy,
            ]),
            inReadme: true,
          },
        ],
        figures: quick ? [] : figuresOf(seconds, results),
        measured: { engine, backend, seconds, results },
      }
    } finally {
      rmSync(out, { recursive: true, force: true })
    }
  },
}

function figuresOf(seconds: number, results: readonly Result[]): Figure[] {
  return [
    { name: 'npm start, all of it', value: seconds, unit: 's', atMost: SECONDS },
    ...results.flatMap(({ experiment, testAccuracy: value }): Figure[] => [
      {
        name: `test accuracy of experiment ${experiment}`,
        value,
        unit: '',
        atLeast: ACCURACY.least,
        atMost: ACCURACY.most,
      },
    ]),
  ]
}
