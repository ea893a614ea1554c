import { i32, type Local } from 'wasmati'
import { increase, integers, type Locals, range, set, when } from '../assembly/assembly.ts'
import { part } from '../assembly/fours.ts'

/**
 * What a task that goes through windows is told: the addresses of images, of what the windows have, one number a channel,
 * and of their winners; then the images in all and in a chunk.
 */
export const windowParameters = {
  ...integers('image', 'out', 'winners', 'rows', 'images', 'height', 'width', 'channels', 'kernelHeight'),
  ...integers('kernelWidth', 'strideHeight', 'strideWidth', 'padTop', 'padLeft', 'outHeight', 'outWidth'),
} as const

export const windowLocals = {
  ...integers('from', 'to', 'pixelBytes', 'rowBytes', 'n', 'oh', 'ow'),
  // The window's corner, and the part of it that lies on the image: rows top … bottom, columns left … right.
  ...integers('h0', 'w0', 'top', 'bottom', 'left', 'right'),
  // The place in the window, kh·KW + kw: of the first on the image, behind the last, of a row's first, …
  ...integers('firstTap', 'endTap', 'tapRow', 'tapRowEnd', 'tap', 'pixelRow', 'pixel'),
} as const

type Names = Locals<typeof windowParameters> & Locals<typeof windowLocals>

/**
 * Goes through a chunk's windows in row-major order, with `image`, `out` and `winners` the addresses of the window's own.
 *
 * @param winnersShift log₂ of the bytes of a winner
 * @param startOfRow before each row of windows, with `top` and `bottom` known
 */
export function eachWindow(
  names: Names & Locals<{ chunk: 'i32' }>,
  winnersShift: number,
  startOfRow: () => void,
  body: () => void,
): void {
  const { chunk, image, out, winners, rows, images, height, width, channels, kernelWidth } = names
  const { outHeight, outWidth, from, to, pixelBytes, rowBytes, n, oh, ow, firstTap, endTap } = names
  const { h0, top, bottom, w0, left, right } = names
  part({ chunk, from, to, n: rows }, images)
  set(pixelBytes, i32.shl(channels, 2))
  set(rowBytes, i32.mul(width, pixelBytes))
  increase(image, i32.mul(i32.mul(from, height), rowBytes))
  set(n, i32.mul(i32.mul(from, i32.mul(outHeight, outWidth)), channels))
  increase(out, i32.shl(n, 2))
  increase(winners, i32.shl(n, winnersShift))
  range(n, from, to, 1, () => {
    range(oh, 0, outHeight, 1, () => {
      clip(oh, names.strideHeight, names.padTop, names.kernelHeight, height, [h0, top, bottom])
      set(endTap, i32.mul(i32.sub(bottom, h0), kernelWidth))
      startOfRow()
      range(ow, 0, outWidth, 1, () => {
        clip(ow, names.strideWidth, names.padLeft, kernelWidth, width, [w0, left, right])
        set(firstTap, i32.add(i32.mul(i32.sub(top, h0), kernelWidth), i32.sub(left, w0)))
        body()
        increase(out, pixelBytes)
        increase(winners, i32.shl(channels, winnersShift))
      })
    })
    increase(image, i32.mul(height, rowBytes))
  })
}

/** corner, first … end = where a window starts, and its part inside 0 … size. */
function clip(
  index: Local<'i32'>,
  stride: Local<'i32'>,
  padding: Local<'i32'>,
  kernel: Local<'i32'>,
  size: Local<'i32'>,
  [corner, first, end]: readonly [Local<'i32'>, Local<'i32'>, Local<'i32'>],
): void {
  set(corner, i32.sub(i32.mul(index, stride), padding))
  set(first, corner)
  when(i32.lt_s(first, 0), () => set(first, 0))
  set(end, i32.add(corner, kernel))
  when(i32.lt_s(size, end), () => set(end, size))
}

/** Goes through the window's taps on the image in row-major order, with `pixel` the address of channel `c` there. */
export function eachTap(names: Names & Locals<{ c: 'i32' }>, body: () => void): void {
  const { image, kernelWidth, pixelBytes, rowBytes, top, left, right, c } = names
  const { firstTap, endTap, tapRow, tapRowEnd, tap, pixelRow, pixel } = names
  set(pixelRow, i32.add(i32.add(image, i32.shl(c, 2)), i32.mul(left, pixelBytes)))
  increase(pixelRow, i32.mul(top, rowBytes))
  range(tapRow, firstTap, endTap, kernelWidth, () => {
    set(pixel, pixelRow)
    set(tapRowEnd, i32.add(tapRow, i32.sub(right, left)))
    range(tap, tapRow, tapRowEnd, 1, () => {
      body()
      increase(pixel, pixelBytes)
    })
    increase(pixelRow, rowBytes)
  })
}
