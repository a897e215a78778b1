export function familySection(records) {
  const parts = records.map(
    ({ title, page, command, text }) => `### ${title}

${text}

\`${command}\`; what it means: [${page}](${page}).`,
  )
  return `## The family\n\n${parts.join('\n\n')}`
}
