import type { Tensor } from '../tensor/tensor.ts'

/** The ten classes of Fashion-MNIST; a label is an index into them. */
export const classNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const

/** Images and their labels, in the same order. */
export interface LabelledImages {
  /** [images, 28, 28, 1], brightness 0 (background) … 255. */
  readonly images: Tensor<Uint8Array>
  /** One label an image, 0 … 9. */
  readonly labels: Uint8Array
}

/** Fashion-MNIST, or a set in its form. */
export interface FashionMnist {
  /** 60,000 images, 6,000 of each class. */
  readonly train: LabelledImages
  /** 10,000 images, 1,000 of each class. */
  readonly test: LabelledImages
  readonly classNames: readonly string[]
  /** Where the images came from: Kaggle's CSV files, the official IDX files, or drawn by `garments`. */
  readonly kind: 'csv' | 'idx' | 'generated'
  /** The same for people, to be printed with every result: `official IDX files in ../shared/fashion-mnist`. */
  readonly source: string
}
