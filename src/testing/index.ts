export {
  type DifferenceOptions,
  type Entry,
  type GradCheckReport,
  GradientError,
} from './finite-differences.ts'
export { type GradCheckOptions, gradCheck } from './grad-check.ts'
