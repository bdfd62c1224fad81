/** An issue's text without what its template put there: comments, check lists, environment sections, empty answers. */
export function withoutBoilerplate(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .split('\n');
  const kept: string[] = [];
  let skipping = false;
  let fenced = false;
  for (const line of lines) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : headingOf(line);
    if (heading !== null) skipping = SKIPPED_SECTION.test(heading);
    if (skipping || (!fenced && NOISE.test(line))) continue;
    kept.push(heading !== null && TEMPLATE_HEADING.test(heading) ? '' : line);
  }
  return kept.join('\n');
}

/** The text of a markdown heading, or of a line that is nothing but bold. */
function headingOf(line: string): string | null {
  const match = /^\s*#{1,6}\s+(.+?)\s*#*\s*$/.exec(line) ?? /^\s*\*\*([^*]{3,90})\*\*:?\s*$/.exec(line);
  return match ? match[1]!.replace(/[*_:?]/g, '').trim() : null;
}

const SKIPPED_SECTION =
  /^(your )?(environment|environment info(rmation)?|system (info|information|details)|versions?|version info(rmation)?|installed (packages|versions)|platform|screenshots?|checklist|check list|pre-?flight|prerequisites|are you willing|participation|os|contact details|code of conduct|output of|operating system|python version|matplotlib version|show_versions|your project|sphinx extensions|extra tools|output of pip freeze|how did you install)\b/i;
const TEMPLATE_HEADING =
  /^(describe the bug|bug (description|report|summary)|bug|description|summary|current (behaviou?r|state)|actual (behaviou?r|results?|outcome)|expected (behaviou?r|results?|outcome)|steps?( or code)? to reproduce.*|to reproduce|how to reproduce.*|reproduction|reproducer|minimal.*(example|code).*|code for reproduction|additional (context|information|info|notes)|possible solution|what (did|do) you (do|expect|want).*|what actually happened.*|what (version|parser|rule|steps|rules?).*|tell us about.*|please (show|describe|include|paste).*|configuration|is (it|there).*|do you want.*|what is the (expected|current) behaviou?r.*|if the current behaviou?r.*|why is this.*|feature request|details|context|problem|issue|proposed.*|question)$/i;
const NOISE =
  /^\s*[-*]\s*\[[ xX]\]\s|^\s*[-*]?\s*\**(os|operating system|platform|node(\.?js)?|npm|yarn|python|pip|browser|chrome|java|jdk|local eslint|global eslint|eslint|sphinx|django|matplotlib|numpy|scipy|sklearn|pandas|version|node version|npm version|environment|hexo|karma|mongoose|express)\b[^a-z\n]{0,6}(version)?[^a-z\n]{0,8}\s*[:=]?\s*v?\d[\w.+-]*\**\s*$|^\s*(thanks|thank you|cheers|best|regards)\b.{0,30}$|^\s*_?no response_?\s*$|^\s*(\||\+)[-=+|\s]{6,}$/i;
