/** An element of a document, with the text in it and in what it contains, unescaped. */
export interface HtmlElement {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
  text: string
}

const VOID = new Set(['meta', 'br', 'hr', 'img', 'link'])
const TOKEN = /<!doctype html>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<]+)/y

/**
 * Reads the HTML that this library writes, which is as strict as XML: every attribute in quotes, every element closed. All
 * elements are given back in order.
 *
 * @throws Error where something is not well-formed
 */
export function readHtml(html: string): HtmlElement[] {
  const all: HtmlElement[] = []
  const open: HtmlElement[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < html.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(html)
    if (!token) throw new Error(`no markup at ${at}: ${html.slice(at, at + 60)}`)
    const [, closes, name, attributes, closesItself, text] = token
    if (text !== undefined) for (const element of open) element.text += unescaped(text)
    else if (closes) {
      const last = open.pop()
      if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}> at ${at}`)
    } else if (name) {
      const element = { name, attributes: readAttributes(attributes), text: '' }
      all.push(element)
      if (!closesItself && !VOID.has(name)) open.push(element)
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is never closed`)
  return all
}

function readAttributes(text: string): { [name: string]: string } {
  return Object.fromEntries(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescaped(value)]),
  )
}

const named: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"' }

function unescaped(text: string): string {
  return text.replace(/&(\w*);?/g, (entity, name: string) => {
    if (!entity.endsWith(';') || !(name in named)) throw new Error(`no entity: ${entity}`)
    return named[name]
  })
}

/** The texts of a table's cells, row by row. */
export function cellsOf(html: string): string[][] {
  const rows: string[][] = []
  for (const { name, text } of readHtml(html)) {
    if (name === 'tr') rows.push([])
    else if (name === 'td' || name === 'th') rows.at(-1)!.push(text)
  }
  return rows
}
