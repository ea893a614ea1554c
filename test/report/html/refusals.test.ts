import { describe, test } from 'vitest'
import { facts } from '../../../src/report/html/facts.ts'
import { figure, figures } from '../../../src/report/html/figure.ts'
import { htmlPage } from '../../../src/report/html/html-page.ts'
import { codeBlock, note, paragraph } from '../../../src/report/html/prose.ts'
import { details, section, subsection } from '../../../src/report/html/section.ts'
import { table } from '../../../src/report/html/table.ts'
import { epochTable } from '../../../src/report/tables/epoch-table.ts'
import { resultTable } from '../../../src/report/tables/result-table.ts'
import { scoreTable } from '../../../src/report/tables/score-table.ts'
import { historyOf } from '../../support/histories.ts'
import { expectRefusal } from '../../support/refusals.ts'

const svg = '<svg width="9">'
const history = historyOf({ loss: [1] })
const blocks = {
  paragraph,
  note,
  codeBlock,
  section,
  subsection,
  details,
  facts,
  figure,
  figures,
  table,
  htmlPage,
  epochTable,
  resultTable,
  scoreTable,
}

/** A block, what it is wrongly given, which of that is wrong, and what was expected. */
const cases: readonly [keyof typeof blocks, readonly unknown[], string, string][] = [
  ['paragraph', [5], 'text', 'a string'],
  ['note', [], 'text', 'a string'],
  ['codeBlock', [null], 'text', 'a string'],
  ['section', [5], 'heading', 'a string'],
  ['section', ['a', '<p>', 5], 'content[1]', 'a string'],
  ['subsection', [undefined], 'heading', 'a string'],
  ['subsection', ['a', Number.NaN], 'content[0]', 'a string'],
  ['details', [{}], 'summary', 'a string'],
  ['details', ['a', undefined], 'content[0]', 'a string'],
  ['facts', [null], 'known', 'an object with a string for each name'],
  ['facts', [{ a: 1 }], 'known.a', 'a string'],
  ['figure', [svg, 5], 'caption', 'a string'],
  ['figures', [Number.NaN], 'all[0]', 'a string'],
  ['table', [], 'header', 'a list of strings'],
  ['table', [['a']], 'rows', 'a list of rows'],
  ['table', [['a'], ['b']], 'row 1', 'a list of strings'],
  ['table', [['a'], [[1]]], 'row 1[0]', 'a string'],
  ['table', [['a'], [], { foot: 'x' }], 'foot', 'a list of rows'],
  ['table', [['a'], [], { right: 1 }], 'right', 'a list of columns'],
  ['table', [['a'], [], { caption: 5 }], 'caption', 'a string'],
  ['htmlPage', [{ title: 'a' }], 'sections', 'a list of sections'],
  ['htmlPage', [{ title: 5, sections: [] }], 'title', 'a string'],
  ['htmlPage', [{ title: 'a', lead: 5, sections: [] }], 'lead', 'a string'],
  ['htmlPage', [{ title: 'a', sections: [null] }], 'sections[0].heading', 'a string'],
  ['epochTable', [], 'history', 'what fit gave'],
  ['resultTable', [], 'history', 'what fit gave'],
  ['resultTable', [history, ['x']], 'tested', 'an object with a number for each name'],
  ['resultTable', [history, { loss: '1' }], 'tested.loss', 'a number'],
  ['scoreTable', [], 'report', 'what classificationReport gave'],
]

describe('a block of a page', () => {
  test.each(cases)('%s refuses %j: %s is no %s', (name, given, option, expected) => {
    const block = blocks[name] as (...given: readonly unknown[]) => unknown
    expectRefusal(() => block(...given), name, option, `expected ${expected}`)
  })
})
