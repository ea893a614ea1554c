import { validationName } from '../../model/logs.ts'
import { type Facts, facts } from '../../report/html/facts.ts'
import { figure, figures } from '../../report/html/figure.ts'
import { table } from '../../report/html/table.ts'
import { learningCurves } from '../../report/learning-curves.ts'
import { escapeText } from '../../report/picture/element.ts'
import { fourDigits } from '../../report/picture/four-digits.ts'
import { words } from '../../report/tables/words.ts'
import { counted } from '../../text/counted.ts'
import { duration } from '../../text/duration.ts'
import { withCommas } from '../../text/with-commas.ts'
import type { LiveRun } from './live-run.ts'

const NOTHING = '–'

/** Rows of the table, which is for what goes on now: the curves show the rest. */
const ROWS = 10

/** Pixels of a picture; a phone has not many less. */
const WIDTH = 440

/** The text of the browser's tab: what one wants to know while another tab is open. */
export function drawTitle(title: string, run: LiveRun | undefined): string {
  if (!run) return escapeText(title)
  const progress = isUnderWay(run) ? `${run.epoch + 1}/${run.params.epochs}` : run.state
  return escapeText(`${progress} · ${run.name} · ${title}`)
}

/** A run's name and state, how far it has come, and its numbers at this moment. */
export function drawProgress(run: LiveRun): string {
  const { name, state, failure, done } = run
  const heading = `<h2 data-state="${state}">${escapeText(name)} <span>${state}</span></h2>`
  const bar = `<progress value="${done}" aria-label="How much of the training is done"></progress>`
  const complaint = `<p class="failure">${escapeText(failure)}</p>`
  const middle = { training: bar, validating: bar, ended: '', failed: complaint }[state]
  return heading + middle + facts(progressFacts(run)) + facts(numberFacts(run))
}

function progressFacts(run: LiveRun): Facts {
  const { epochs, epoch, steps, params, perStep, seconds, secondsLeft } = run
  if (!isUnderWay(run)) return { epochs: `${epochs.length} of ${params.epochs}`, time: duration(seconds) }
  return {
    epoch: `${epoch + 1} of ${params.epochs}`,
    step: `${withCommas(steps)} of ${withCommas(params.steps)}`,
    'per step': `${perStep.toFixed(perStep < 10 ? 1 : 0)} ms`,
    'time so far': duration(seconds),
    'time left': Number.isFinite(secondsLeft) ? `about ${duration(Math.ceil(secondsLeft))}` : 'not known yet',
  }
}

/** All numbers have a place from the beginning, so that what is below keeps its own. */
function numberFacts({ logs, epochs, params }: LiveRun): Facts {
  const names = new Set([...params.names, ...Object.keys(epochs.at(-1)?.logs ?? {}), ...Object.keys(logs)])
  const known = [...names].map(name => [words(name), name in logs ? fourDigits(logs[name]) : NOTHING])
  return Object.fromEntries(known)
}

/** A run's curves, and the table of its last epochs. */
export function drawEpochs(run: LiveRun): string {
  if (run.epochs.length === 0) return ''
  const { names } = run.params
  const ofValidation = names.map(validationName)
  const metrics = names.filter(name => !ofValidation.includes(name))
  return figures(...metrics.map(metric => figure(drawCurves(run, metric)))) + drawTable(run)
}

function drawCurves({ epochs, params, reference }: LiveRun, metric: string): string {
  const numbers = params.names.map(name => [name, epochs.map(({ logs }) => logs[name])])
  return learningCurves(Object.fromEntries(numbers), {
    width: WIDTH,
    metrics: [metric],
    reference,
  })
}

/** The last epochs, the newest first. */
function drawTable({ epochs }: LiveRun): string {
  const first = Math.max(0, epochs.length - ROWS)
  const last = epochs.slice(first)
  const names = [...new Set(last.flatMap(({ logs }) => Object.keys(logs)))]
  const header = ['epoch', ...names.map(words), 'seconds']
  const rows = last.map(({ logs, seconds }, i) => [
    String(first + i + 1),
    ...names.map(name => (name in logs ? fourDigits(logs[name]) : NOTHING)),
    seconds.toFixed(1),
  ])
  const caption = first > 0 ? `The last ${ROWS} of ${counted(epochs.length, 'epoch')}` : undefined
  return table(header, rows.reverse(), { right: [...header.keys()], caption })
}

const isUnderWay = ({ state }: LiveRun): boolean => state === 'training' || state === 'validating'
