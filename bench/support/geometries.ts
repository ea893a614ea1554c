import type { Conv2DGeometry, Conv2DReluPoolGeometry } from '../../src/kernels/kernels.ts'
import { type Padding, windowGeometry } from '../../src/layers/window.ts'
import type { NotebookGeometry } from './flops.ts'

/** A convolution of square images and kernels: [height or width, channels] → filters. */
export function convGeometry(
  side: number,
  channels: number,
  filters: number,
  kernel: number,
  stride: number,
  padding: Padding,
): Conv2DGeometry {
  const window = { kernel: [kernel, kernel], strides: [stride, stride], padding } as const
  return { ...windowGeometry('bench', [side, side, channels], window), filters }
}

/** With ReLU and 2×2 pooling behind it. */
export function pooled(g: Conv2DGeometry): Conv2DReluPoolGeometry {
  const [pooledHeight, pooledWidth] = [g.outHeight, g.outWidth].map(length => Math.floor(length / 2))
  return { ...g, poolHeight: 2, poolWidth: 2, pooledHeight, pooledWidth }
}

/** The notebook's network for any number of filters and units, and any size of images. */
export function notebookGeometry(filters: number, units: number, side = 28): NotebookGeometry {
  const conv = pooled(convGeometry(side, 1, filters, 3, 1, 'valid'))
  const inputs = conv.pooledHeight * conv.pooledWidth * filters
  return { conv, hidden: { inputs, units }, output: { inputs: units, units: 10 } }
}

/** A convolution of a deeper network, and the images of its batch. */
export interface DeepShape {
  readonly images: number
  readonly conv: Conv2DGeometry
}

/** Eight convolutions of deeper networks. */
export const deepShapes: readonly DeepShape[] = [
  { images: 32, conv: convGeometry(32, 64, 64, 3, 1, 'same') },
  { images: 32, conv: convGeometry(16, 128, 128, 3, 1, 'same') },
  { images: 32, conv: convGeometry(8, 256, 256, 3, 1, 'same') },
  { images: 64, conv: convGeometry(4, 512, 512, 3, 1, 'same') },
  { images: 32, conv: convGeometry(28, 32, 64, 5, 1, 'valid') },
  { images: 64, conv: convGeometry(15, 96, 160, 3, 2, 'same') },
  { images: 64, conv: convGeometry(14, 256, 512, 1, 1, 'valid') },
  { images: 64, conv: convGeometry(13, 192, 384, 3, 1, 'valid') },
]

/** `32×16×16×128→128 3×3`, and `/2` behind it for a stride of 2. */
export function describeConv(images: number, g: Conv2DGeometry): string {
  const stride = g.strideHeight === 1 ? '' : ` /${g.strideHeight}`
  const sizes = [images, g.height, g.width, g.channels].join('×')
  return `${sizes}→${g.filters} ${g.kernelHeight}×${g.kernelWidth}${stride}${g.padTop > 0 ? ' same' : ''}`
}
