import { plainLine } from '../collect/templates.ts';

/** No template has longer lines; the patterns below take the square of a line's length and more. */
const LONGEST_FORM_LINE = 300;
/** White space that says no more than one blank, but is gone through again and again. */
const WIDE = /\s{8,}/g;

/**
 * An issue's text without what its template put there: comments, check lists, environment sections, empty answers, and
 * every line that a form of the repository has (`forms`, as `plainLine` gives them).
 */
export function withoutBoilerplate(text: string, forms: ReadonlySet<string> = new Set()): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .split('\n');
  const kept: string[] = [];
  let skipping = false;
  let fenced = false;
  for (const line of lines) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const said = line.trim().replace(WIDE, ' ');
    if (said.length > LONGEST_FORM_LINE) {
      if (!skipping) kept.push(line);
      continue;
    }
    const heading = fenced ? null : headingOf(said);
    if (heading !== null) skipping = SKIPPED_SECTION.test(heading);
    if (skipping || (!fenced && (NOISE.test(said) || FACT.test(said)))) continue;
    const isForm = TEMPLATE_HEADING.test(heading ?? questionOf(said)) || (forms.size > 0 && forms.has(plainLine(line)));
    kept.push(isForm && !fenced ? '' : line);
  }
  return kept.join('\n');
}

/** The text of a markdown heading, or of a line that is nothing but bold. */
function headingOf(line: string): string | null {
  const match = /^\s*#{1,6}\s+(.+?)\s*#*\s*$/.exec(line) ?? /^\s*\*\*([^*]{3,90})\*\*:?\s*$/.exec(line);
  return match ? match[1]!.replace(/[*_:?]/g, '').trim() : null;
}

/** A line that asks or announces something, such as `What happened?`; '' for others. */
function questionOf(line: string): string {
  return /[?:]\s*$/.test(line) ? line.replace(/[*_:?]/g, '').trim() : '';
}

const SKIPPED_SECTION =
  /^(your |my )?(environment|environment info(rmation)?|system( info(rmation)?| details)?|(\w+ )?versions?( info(rmation)?)?|installed (packages|versions)|platform|screenshots?|check ?list|pre-?flight|prerequisites|are you willing|participation|os|contact details|code of conduct|output of|operating system|show_versions|extra tools|how did you install|(your|sample) project)\b/i;
const TEMPLATE_HEADING =
  /^(describe the bug|bug (description|report|summary)|bug|description|summary|current (behaviou?r|state)|actual (behaviou?r|results?|outcome)|expected (behaviou?r|results?|outcome)|steps?( or code)? to reproduce.*|to reproduce|how to reproduce.*|reproduction|reproducer|minimal.*(example|code).*|code for reproduction|additional (context|information|info|notes)|possible solution|what (did|do) you (do|expect|want).*|what actually happened.*|what (version|parser|rule|steps|rules?|is the (purpose|expected|current)|changes).*|tell us about.*|please (show|describe|include|paste|provide|explain).*|configuration|is (it|there).*|do you want.*|if the current behaviou?r.*|why is this.*|feature request|details|context|problem|issue|proposed.*|question)$/i;
/** Lines that say nothing of the matter. */
const NOISE =
  /^\s*[-*]?\s*\[[ xX]?\]\s|^\s*(thanks|thank you|cheers|best|regards)\b.{0,30}$|^\s*_?no response_?\s*$|^\s*(\||\+)[-=+|\s]{6,}$/i;
/** Versions of things and names of systems: `Node version: 7.7.2`, `- numpy: 1.24.1`, `OS: macOS 13`. */
const FACT =
  /^\s*[-*]?\s*\**[@\w][\w.@/ -]{0,40}\**\s*[:=]\**\s*v?\d+(\.\d+)+[\w.+-]*\s*$|^\s*[-*]?\s*\**[\w.@/ -]{0,40}\bversion\b[^:=\n]{0,20}[:=]?\**\s*(v?\d[\w.+-]*|master|main|latest|next|head)?\s*$|^\s*[-*]?\s*\**(os|operating system|platform|browser|(node|npm|yarn|python|pip|java|jdk|ruby|go|php|rust\w*)(\.?js)?)\**\s*(version)?\s*[:=]?\**\s*(v?\d\S*|windows.*|mac ?os.*|os ?x.*|linux.*|ubuntu.*|debian.*)?\s*$/i;
