// A page of the shop's in a frame of another site: may it have its cookies there? Only a browser knows, and it is a
// setting of each profile's. `hasStorageAccess` is its answer (the Storage Access API).
const answer = await document.hasStorageAccess?.()
parent.postMessage(answer ?? null, document.documentElement.dataset.asks)
