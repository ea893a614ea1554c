export * from '../report/index.ts'
export { runFacts } from './run-facts.ts'
export { type SvgToPngOptions, svgToPng } from './svg-to-png.ts'
export { writePicture } from './write-picture.ts'
