export * from './browser.ts'

import './node/terminal.ts'
