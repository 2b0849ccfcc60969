const isDark = matchMedia('(prefers-color-scheme: dark)')
const followScheme = () => document.documentElement.classList.toggle('dark-mode', isDark.matches)
followScheme()
isDark.addEventListener('change', followScheme)

// Swagger UI leaves some fields without a name that a screen reader could say.
const docs = document.getElementById('docs')
new MutationObserver(() => {
  for (const field of docs.querySelectorAll(':is(select, textarea):not([aria-label])')) {
    field.setAttribute('aria-label', field.closest('[data-param-name]')?.dataset.paramName ?? 'Request body')
  }
}).observe(docs, { childList: true, subtree: true })

SwaggerUIBundle({ url: '/openapi.json', domNode: docs, tryItOutEnabled: true })
