/**
 * The page's script. It puts what the server has drawn into its place, and says when the server is gone. It is text for
 * the reason that the program of a crew's workers is: tools rewrite functions, and its hash is part of the page's policy.
 */
export const liveScript = `
const connection = document.getElementById('connection')

function connect() {
  const events = new EventSource('events')
  events.onmessage = ({ data }) => {
    connection.textContent = ''
    for (const [id, html] of Object.entries(JSON.parse(data))) document.getElementById(id).innerHTML = html
  }
  events.onerror = () => {
    const isUnderWay = document.querySelector('[data-state=training], [data-state=validating]')
    connection.textContent = isUnderWay
      ? 'The connection is lost: the program has ended or does not answer. Trying again …'
      : 'The program has ended. What it has shown stays here.'
    connection.className = isUnderWay ? 'failure' : ''
    // Browsers try again by themselves, but for some errors.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 1000)
  }
}

connect()
`
