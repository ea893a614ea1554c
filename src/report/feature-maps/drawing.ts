/** Where something is drawn: from this corner to the right and down. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** A piece of a picture, and how high it is. */
export interface Drawing {
  readonly svg: string
  readonly height: number
}

/** How high and wide maps are, and how high vectors, at most. */
export const SIDE = 84
