/** Why a request is not answered as it was meant, with the status that HTTP has for that. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: { readonly [name: string]: string }

  constructor(status: number, message: string, headers: { readonly [name: string]: string } = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
