import { once } from 'node:events'
import { liveView } from 'convnet-ts/report'
import { toyData, toyModel } from './toy.ts'

/*
 * A program for test/node/live-view/live-view.test.ts: serves a live view, says where, waits until its input ends, and
 * trains. With `exit`, it leaves at once when it has trained.
 */

const view = await liveView()
console.log(view.url)
process.stdin.resume()
await once(process.stdin, 'end')
const { x, y } = toyData(64)
await toyModel().fit(x, y, { epochs: 3, verbose: 0, callbacks: [view.run('toy')] })
if (process.argv.includes('exit')) process.exit()
