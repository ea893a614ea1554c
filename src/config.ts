/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The options that make a part again, as plain JSON. */
export type Config = { readonly [option: string]: Json }
