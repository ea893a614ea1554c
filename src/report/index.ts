export type { PictureOptions } from './picture/picture.ts'
export type { Theme } from './picture/theme.ts'
