import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { type Callback, type History, OptionError, type Sequential, StateError } from 'convnet-ts'
import { type LiveViewOptions, liveView } from 'convnet-ts/report'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type EventReader, readEvents } from '../../support/event-reader.ts'
import { root } from '../../support/packed-library.ts'
import { toyData, toyModel } from '../../support/toy.ts'

const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

async function open(options?: LiveViewOptions) {
  const view = await liveView(options)
  closings.push(() => view.close())
  return view
}

const { x, y } = toyData(96)

const fit = (callbacks: readonly Callback[], epochs = 3): Promise<History> =>
  toyModel().fit(x, y, { epochs, batchSize: 8, validationSplit: 0.25, verbose: 0, callbacks })

/** Has a model stop as its second epoch begins. */
async function fitInterrupted(model: Sequential): Promise<void> {
  const stop: Callback = {
    onEpochBegin: epoch => {
      if (epoch === 1) throw new Error('interrupted')
    },
  }
  const options = { epochs: 4, verbose: 0, callbacks: [stop] } as const
  await expect(model.fit(x, y, options)).rejects.toThrow('interrupted')
}

/** What stands between tags. */
const texts = (html: string): string[] =>
  html
    .replace(/<style>.*?<\/style>/gs, '')
    .split(/<[^>]*>/)
    .map(text => text.trim())
    .filter(text => text !== '')

/** What a part of the page says at the end. */
const textsOf = (reader: EventReader, id: string): string[] => texts(reader.contents.get(id)!)

const until = (reader: EventReader, id: string, text: string) =>
  vi.waitFor(() => expect(textsOf(reader, id)).toContain(text), 10_000)

/** The document, and the headers that came with it. */
async function load(url: string) {
  const response = await fetch(url)
  return { html: await response.text(), headers: response.headers }
}

describe('liveView', () => {
  const params = { epochs: 4, steps: 10, rows: 80, batchSize: 8, names: ['loss'] }

  test('shows every number of a training, to those who come before it and after it', async () => {
    const view = await open({ title: 'Toys' })
    const early = await readEvents(view.url)
    expect(early.contents.get('runs')).toBe('')
    expect(early.contents.get('title')).toBe('Toys')
    const { history } = await fit([view.run('first')])
    await until(early, 'run-1-progress', 'ended')

    const table = texts(early.contents.get('run-1-epochs')!.split('<table>')[1])
    const names = ['loss', 'accuracy', 'valLoss', 'valAccuracy']
    const header = ['epoch', 'loss', 'accuracy', 'validation loss', 'validation accuracy', 'seconds']
    expect(table.slice(0, 6)).toEqual(header)
    for (const epoch of [0, 1, 2]) {
      // The newest stands first.
      const row = table.slice(6 + 6 * (2 - epoch), 12 + 6 * (2 - epoch))
      expect(row[0]).toBe(String(epoch + 1))
      expect(row.slice(1, 5)).toEqual(names.map(name => history[name][epoch].toFixed(4)))
      expect(row[5]).toMatch(/^\d+\.\d$/)
    }
    expect(table.length).toBe(6 + 18)
    expect(textsOf(early, 'run-1-progress').slice(0, 6)).toEqual([
      'first',
      'ended',
      'epochs',
      '3 of 3',
      'time',
      expect.stringMatching(/^\d+(\.\d)? s$/),
    ])
    expect(textsOf(early, 'run-1-progress').slice(6)).toEqual(
      names.flatMap((name, i) => [header[i + 1], history[name][2].toFixed(4)]),
    )

    const late = await readEvents(view.url)
    const { html } = await load(view.url)
    const [progress, epochs] = ['run-1-progress', 'run-1-epochs'].map(id => early.contents.get(id))
    expect(late.contents.get('runs')).toBe(
      `<section><div id="run-1-progress">${progress}</div><div id="run-1-epochs" class="epochs">${epochs}</div></section>`,
    )
    expect(html).toContain(`<main id="runs">${late.contents.get('runs')}</main>`)
    expect(html).toContain('<title id="title">ended · first · Toys</title>')
    expect(html).toContain('<h1>Toys</h1>')
  })

  test('tells of each step of an epoch, how far it is and how long it takes', async () => {
    const view = await open()
    const reader = await readEvents(view.url)
    const seen: string[][] = []
    const losses: number[] = []
    const wait: Callback = {
      onBatchEnd: async (batch, { loss }) => {
        if (batch !== 4) return
        losses.push(loss)
        await until(reader, 'run-1-progress', `${seen.length + 1} of 2`)
        await until(reader, 'run-1-progress', '5 of 9')
        seen.push(textsOf(reader, 'run-1-progress'))
      },
    }
    await fit([view.run('first'), wait], 2)
    expect(seen.map(texts => texts.slice(1, 6))).toEqual([
      ['training', 'epoch', '1 of 2', 'step', '5 of 9'],
      ['training', 'epoch', '2 of 2', 'step', '5 of 9'],
    ])
    const [first] = seen
    expect(first[first.indexOf('per step') + 1]).toMatch(/^\d+(\.\d)? ms$/)
    expect(first[first.indexOf('time left') + 1]).toMatch(/^about \d+ s$/)
    const numberOf = (texts: string[], name: string) => texts[texts.indexOf(name) + 1]
    expect(seen.map(texts => numberOf(texts, 'loss'))).toEqual(losses.map(loss => loss.toFixed(4)))
    expect(losses[0]).not.toBe(losses[1])
    // Its place is there from the beginning.
    expect(seen.map(texts => numberOf(texts, 'validation loss'))).toEqual(['–', '–'])
  })

  test('tells of an epoch whose steps are over, and of validation', async () => {
    const view = await open()
    const reader = await readEvents(view.url)
    await fit([view.run('first'), { onTestBegin: () => until(reader, 'run-1-progress', 'validating') }], 1)
    await until(reader, 'run-1-progress', 'ended')
  })

  test('foresees how long training will take from what it has taken', async () => {
    const view = await open()
    const run = view.run('first')
    const model = toyModel()
    const now = vi.spyOn(performance, 'now')
    try {
      now.mockReturnValue(1000)
      run.onTrainBegin!(params, model)
      run.onEpochBegin!(0, model)
      now.mockReturnValue(21_000)
      run.onBatchEnd!(4, { loss: 1.5 }, model)
    } finally {
      now.mockRestore()
    }
    const { html } = await load(view.url)
    const all = texts(html.slice(html.indexOf('run-1-progress')))
    expect(all.slice(3, 13)).toEqual([
      'epoch',
      '1 of 4',
      'step',
      '5 of 10',
      'per step',
      '4000 ms',
      'time so far',
      '20 s',
      'time left',
      'about 2 min 20 s',
    ])
    expect(html).toContain('<progress value="0.125"')
  })

  test('says what training failed with', async () => {
    const view = await open()
    const reader = await readEvents(view.url)
    const stop: Callback = {
      onBatchEnd: batch => {
        if (batch === 5) throw new RangeError('no <room> & no time')
      },
    }
    await expect(fit([view.run('first'), stop])).rejects.toThrow(RangeError)
    await until(reader, 'run-1-progress', 'failed')
    expect(reader.contents.get('run-1-progress')).toContain('RangeError: no &lt;room&gt; &amp; no time')
    expect(textsOf(reader, 'run-1-progress')).toContain('0 of 3')
    expect(reader.contents.get('title')).toBe('failed · first · Training')
  })

  test('shows trainings below each other, and one that begins again in its place', async () => {
    const view = await open()
    const reader = await readEvents(view.url)
    const [first, second] = [view.run('first'), view.run('<second>')]
    await fit([first])
    await fit([second], 2)
    await until(reader, 'run-2-progress', '2 of 2')
    const headings = async () => [...(await load(view.url)).html.matchAll(/<h2[^>]*>(.*?) <span>/g)]
    expect((await headings()).map(match => match[1])).toEqual(['first', '&lt;second&gt;'])
    await fit([first], 1)
    await until(reader, 'run-1-progress', '1 of 1')
    expect((await headings()).map(match => match[1])).toEqual(['first', '&lt;second&gt;'])
    expect(reader.contents.get('run-1-epochs')).not.toContain('>2</th>')
  })

  test('refuses to follow two trainings at a time, and goes on with the first', async () => {
    const view = await open()
    const run = view.run('first')
    const other: Callback = {
      onEpochEnd: async epoch => {
        if (epoch === 0) await expect(fit([run])).rejects.toThrow(StateError)
      },
    }
    await fit([run, other], 2)
    const { html } = await load(view.url)
    expect(html).toContain('data-state="ended"')
    expect(texts(html)).toContain('2 of 2')
    await fit([run], 1)
    expect(texts((await load(view.url)).html)).toContain('1 of 1')
  })

  test.each([
    ['in the middle of an epoch', 'onBatchEnd', 2],
    ['between two epochs', 'onEpochBegin', 2],
    ['where an epoch has ended, told of that before', 'onEpochEnd', 2],
  ] as const)('shows a training that is resumed %s as one that was not', async (_, turn, epoch) => {
    const options = { epochs: 5, batchSize: 8, validationSplit: 0.25, verbose: 0 } as const
    const model = toyModel()
    let now = -1
    const stop: Callback = {
      onEpochBegin: at => {
        now = at
      },
      [turn]: (at: number) => {
        now = turn === 'onBatchEnd' ? now : at
        if (now === epoch) throw new Error('interrupted')
      },
    }
    const first = await open()
    const callbacks = [first.run('first'), stop]
    await expect(model.fit(x, y, { ...options, callbacks })).rejects.toThrow('interrupted')
    const view = await open()
    const seen: string[][] = []
    const look: Callback = {
      onBatchEnd: async batch => {
        if (batch === 4) seen.push(texts((await load(view.url)).html))
      },
    }
    const { history } = await model.fit(x, y, {
      ...options,
      callbacks: [view.run('rest'), look],
      resumeFrom: model.getTrainingState(),
    })
    const counted = seen[0][seen[0].indexOf('epoch') + 1]
    expect(counted).toBe(turn === 'onEpochEnd' ? '4 of 5' : '3 of 5')
    const { html } = await load(view.url)
    expect(texts(html)).toContain('5 of 5')
    const rows = texts(html.split('<tbody>')[1])
    expect(rows.filter((_, i) => i % 6 === 0).slice(0, 5)).toEqual(['5', '4', '3', '2', '1'])
    const losses = rows.filter((_, i) => i % 6 === 1).slice(0, 5)
    expect(losses).toEqual(history.loss.map(loss => loss.toFixed(4)).reverse())
  })

  test('foresees the rest of a resumed training from what it has done itself', async () => {
    const view = await open()
    const run = view.run('first')
    const model = toyModel()
    await fitInterrupted(model)
    const now = vi.spyOn(performance, 'now')
    try {
      now.mockReturnValue(1000)
      run.onTrainBegin!({ ...params, resumedAt: { epoch: 1, batch: 0 } }, model)
      run.onEpochBegin!(1, model)
      now.mockReturnValue(21_000)
      run.onBatchEnd!(4, { loss: 1.5 }, model)
    } finally {
      now.mockRestore()
    }
    const { html } = await load(view.url)
    expect(texts(html)).toContain('4000 ms')
    // Half an epoch in 20 seconds, and two and a half to go; what was before is measured, so that sums are not exact.
    expect(texts(html).join()).toMatch(/about 1 min 4[01] s/)
    expect(html).toContain('<progress value="0.375"')
  })

  test('shows the last ten epochs, and numbers that only some of them have', async () => {
    const view = await open()
    const now: Callback = {
      onEpochEnd: (epoch, logs) => {
        if (epoch > 9) logs.learningRate = 1e-4
      },
    }
    await fit([now, view.run('first')], 12)
    const all = texts((await load(view.url)).html)
    const rows = all.slice(all.indexOf('The last 10 of 12 epochs'))
    expect(rows.slice(0, 9)).toEqual([
      'The last 10 of 12 epochs',
      'epoch',
      'loss',
      'accuracy',
      'validation loss',
      'validation accuracy',
      'learning rate',
      'seconds',
      '12',
    ])
    expect(rows.filter(text => text === '1.0000e−4').length).toBe(2)
    expect(rows).toContain('3')
    expect(rows).not.toContain('2')
  })

  test('draws a run upon the curves of another', async () => {
    const view = await open()
    const reference = { name: 'Another', history: { loss: [1, 0.5], accuracy: [0.5, 0.75] } }
    await fit([view.run('first', { reference })], 2)
    const { html } = await load(view.url)
    expect(html.match(/<svg/g)?.length).toBe(2)
    expect(texts(html)).toContain('Another')
  })

  test('says what it cannot draw, while training goes on', async () => {
    const view = await open()
    const reader = await readEvents(view.url)
    const run = view.run('first')
    const model = toyModel()
    await run.onTrainBegin!(params, model)
    await run.onEpochEnd!(0, { loss: null as unknown as number }, model)
    await until(
      reader,
      'run-1-epochs',
      'This cannot be drawn: OptionError: learningCurves: history.loss[0] is null, expected a number, NaN for none',
    )
  })

  test('trains to the same bits, whoever looks', async () => {
    const view = await open()
    await readEvents(view.url)
    const { history } = await fit([view.run('first')])
    expect(history).toEqual((await fit([])).history)
  })

  test('lets its page load and run nothing but what is its own', async () => {
    const view = await open({ title: '<b>Toys</b>' })
    const { html, headers } = await load(view.url)
    const policy = headers.get('content-security-policy')!.split('; ')
    expect(policy).toContain("default-src 'none'")
    expect(policy.find(rule => rule.startsWith('script-src'))).toMatch(/^script-src 'sha256-[\w+/=]{44}'$/)
    expect(html).toContain('<h1>&lt;b&gt;Toys&lt;/b&gt;</h1>')
    expect(html).not.toMatch(/(href|src)="(?!data:,")/)
  })

  test('leaves readers when it is closed, and training goes on', async () => {
    const view = await open()
    const reader = await readEvents(view.url)
    const close: Callback = { onEpochBegin: epoch => (epoch === 1 ? view.close() : undefined) }
    const { history } = await fit([view.run('first'), close])
    expect(history.loss.length).toBe(3)
    await reader.ended
    await expect(fetch(view.url)).rejects.toThrow()
    await view.close()
  })

  test('answers a question for the headers of its events, and ends', async () => {
    const view = await open()
    const response = await fetch(`${view.url}events`, { method: 'HEAD' })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('')
  })

  test.each<[string, unknown, string]>([
    ['port', -1, 'a whole number from 0 to 65535'],
    ['port', 65_536, 'a whole number from 0 to 65535'],
    ['port', '8080', 'a whole number from 0 to 65535'],
    ['title', 7, 'a string'],
    ['Port', 1, 'the option port'],
  ])('refuses %s: %j', async (option, value, expected) => {
    const refused = liveView({ [option]: value })
    await expect(refused).rejects.toThrow(OptionError)
    await expect(refused).rejects.toThrow(expected)
  })

  test('refuses a port that is in use, names that are none, and curves that cannot be drawn', async () => {
    const view = await open()
    const port = Number(new URL(view.url).port)
    await expect(liveView({ port })).rejects.toThrow(`liveView: port is ${port}`)
    expect(() => view.run(1 as unknown as string)).toThrow('liveView: run: name is 1, expected a string')
    expect(() => view.run('a', { references: {} } as object)).toThrow(OptionError)
    const reference = { name: 'Another', history: { loss: 'low' as unknown as number[] } }
    expect(() => view.run('a', { reference })).toThrow(OptionError)
  })
})

describe('a program with a live view', () => {
  test.each(['by itself', 'exit'])('ends when it has trained, and has told of that: %s', async how => {
    const script = ['--import', 'tsx', 'test/support/live-program.ts', how]
    const child = spawn(process.execPath, script, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
    closings.push(() => child.kill())
    const exited = once(child, 'exit')
    const url = String((await once(child.stdout!, 'data'))[0]).trim()
    const readers = await Promise.all(Array.from({ length: 20 }, () => readEvents(url)))
    // A browser keeps a connection without a question as well.
    await new Promise(resolve => get(url, response => response.resume().on('end', resolve)))
    child.stdin!.end()
    expect(await exited).toEqual([0, null])
    await Promise.all(readers.map(({ ended }) => ended))
    for (const reader of readers) {
      expect(textsOf(reader, 'run-1-progress').slice(0, 4)).toEqual(['toy', 'ended', 'epochs', '3 of 3'])
    }
  })
})
