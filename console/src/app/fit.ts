/** How well the words fit: at the beginning, at a word's beginning, inside, or not at all (0). */
export function fit(label: string, wanted: string): number {
  const text = label.toLowerCase();
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  let score = 1;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    score += at === 0 ? 3 : /[\s\-_./]/.test(text[at - 1] ?? '') ? 2 : 1;
  }
  return score;
}
