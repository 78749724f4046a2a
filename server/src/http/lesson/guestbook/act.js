document.documentElement.dataset.ran = ''
{
  // Puts something into the cart, as the page's own script would. It need not read any credential for that.
  const key = '{{key}}'
  const token = localStorage.getItem(key)
  const headers = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  const body = JSON.stringify({ item: 'something a script wanted' })
  fetch('/lab/{{lab}}/api/cart', { method: 'POST', credentials: 'same-origin', headers, body })
    .then(async (response) => {
      const { access_token } = await response.json()
      if (access_token) localStorage.setItem(key, access_token)
      document.documentElement.dataset.done = response.status
    })
    .catch(() => { document.documentElement.dataset.done = 'failed' })
}
