document.documentElement.dataset.ran = ''
{
  // Asks another port of this host and another host, with what the browser attaches, and frames a page from the port.
  const n = Number(new URLSearchParams(location.search).get('n')) || 0
  const neighbour = '{{neighbour}}'
  const ask = (origin) =>
    fetch(`${origin}/lab/{{lab}}/port?n=${n}`, { mode: 'no-cors', credentials: 'include' }).catch(() => {})
  const framed = new Promise((done) => {
    if (!neighbour) return done()
    const frame = document.createElement('iframe')
    frame.onload = done
    frame.src = `${neighbour}/lab/{{lab}}/peek?n=${n}`
    document.body.append(frame)
  })
  Promise.all([neighbour && ask(neighbour), ask('{{attacker}}'), framed])
    .then(() => { document.documentElement.dataset.done = '' })
}
