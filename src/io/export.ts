export type { NonFiniteOption } from './exported-weights.ts'
export { toNpz } from './npz.ts'
export { toOnnx } from './onnx/to-onnx.ts'
export { type StandaloneModuleOptions, toStandaloneModule } from './standalone/to-standalone-module.ts'
