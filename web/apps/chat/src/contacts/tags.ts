// Tags as people type them: separated by commas of either script, each once.

export const splitTags = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[,，、;；]/u)
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** With the tag if it was not there, else without it. */
export function toggleTag(text: string, tag: string): string {
  const tags = splitTags(text);
  return (tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag]).join(', ');
}
