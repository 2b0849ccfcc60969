/** A value as the primary is to get it, or why it does not fit. */
export type Converted = { readonly text: string } | { readonly why: string }
