import { OptionError } from '../../errors.ts'
import { History } from '../../model/callbacks/history.ts'
import { type Curves, shownCurves } from '../curves.ts'

/**
 * The numbers that each epoch of a history has. One that a callback has added to some epochs only is left out, since a
 * history does not tell to which.
 *
 * @throws OptionError where it is not what fit gave, or has no epoch
 */
export function checkHistory(owner: string, history: History): Curves {
  if (history instanceof History && history.epoch.length > 0)
    return shownCurves(owner, 'history', history).curves
  throw new OptionError(owner, 'history', history, 'what fit gave, with one epoch at least')
}
