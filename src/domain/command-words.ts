/** A command as one text: its words when it is plain, else the text for the user's shell, as typed. Empty for blank text. */
export function commandWords(text: string): readonly string[] {
  if (text.trim() === '') return [];
  return /^[\w\s./:=@,+-]+$/.test(text) ? text.trim().split(/\s+/) : ['sh', '-c', text];
}
