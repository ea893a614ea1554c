/** Where something is drawn: from this corner to the right and down. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** A place that has an end below as well. */
export interface Box extends Place {
  readonly height: number
}

/** A piece of a picture, and how high it is. */
export interface Drawing {
  readonly svg: string
  readonly height: number
}
