import { terminal } from 'convnet-ts'

/** Prints lines as the library prints its own, in characters that the terminal has. */
export function print(text: string): void {
  terminal().write(`${text}\n`)
}

/** Prints the title of a step of the notebook. */
export function heading(text: string): void {
  print(`\n${text}\n${'─'.repeat(text.length)}`)
}
