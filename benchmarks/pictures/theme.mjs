// Colours of the pictures, for light and for dark pages, and the frame that all of them share.

export const THEMES = {
  light: { text: '#1f2328', faint: '#59636e', line: '#d1d9e0', ours: '#1a7f37', theirs: '#b35900' },
  dark: { text: '#f0f6fc', faint: '#9198a1', line: '#3d444d', ours: '#3fb950', theirs: '#db8a3a' },
}

const FONT = '-apple-system, Segoe UI, Helvetica, Arial, sans-serif'

export const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** @param says - What the picture says, for those who do not see it. */
export function framed({ width, height, title, says, theme, body }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(says)}" font-family="${FONT}" font-size="13">
<title>${escaped(says)}</title>
<text x="0" y="18" font-size="15" font-weight="600" fill="${theme.text}">${escaped(title)}</text>
${body}
</svg>
`
}

export function text(x, y, value, fill, anchor = 'start') {
  return `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}">${escaped(value)}</text>`
}
