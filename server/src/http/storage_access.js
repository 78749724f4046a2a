// A page of the shop's in a frame of another site: may it have its cookies there? Only a browser knows, and it is a
// setting of each profile's. `hasStorageAccess` is its answer (the Storage Access API).
const answer = (await document.hasStorageAccess?.()) ?? null
// Without Apple's tracking prevention WebKit has nobody to ask and says no, whatever it does with cookies: so seen in
// WebKitGTK's MiniBrowser. There a no is no answer.
const knowsNothing = navigator.vendor.startsWith('Apple') && navigator.platform.startsWith('Linux')
parent.postMessage(answer || !knowsNothing ? answer : null, document.documentElement.dataset.asks)
