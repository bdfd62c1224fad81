/** One kind of secret: where it stands in a match, and what must be in a text for it to be looked for at all. */
export interface RedactionRule {
  readonly id: string;
  /** Global; the group `secret` is replaced, or the whole match where there is none. Never spans lines. */
  readonly pattern: RegExp;
  /** Lower-case texts, one of which any match contains; texts without are not searched. */
  readonly hints: readonly string[];
  /** For assignments: the value must also look like a secret, not like code or a placeholder. */
  readonly judged?: boolean;
}

const token = (id: string, source: string, ...hints: string[]): RedactionRule => ({
  id,
  pattern: new RegExp(`(?<![A-Za-z0-9_-])(?<secret>${source})(?![A-Za-z0-9_])`, 'g'),
  hints,
});

/** Tokens that carry their vendor in their form: whatever stands around them, they are secrets. */
const VENDORS: readonly RedactionRule[] = [
  token('anthropic-key', 'sk-ant-[A-Za-z0-9_-]{20,200}', 'sk-ant-'),
  token('openai-key', 'sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200}', 'sk-'),
  token('openrouter-key', 'sk-or-v1-[0-9a-f]{40,80}', 'sk-or-'),
  token('google-api-key', 'AIza[0-9A-Za-z_-]{35}', 'aiza'),
  token('google-oauth-token', 'ya29\\.[0-9A-Za-z_-]{20,500}', 'ya29.'),
  token('google-oauth-secret', 'GOCSPX-[0-9A-Za-z_-]{20,60}', 'gocspx-'),
  token('groq-key', 'gsk_[A-Za-z0-9]{40,80}', 'gsk_'),
  token('xai-key', 'xai-[A-Za-z0-9]{40,120}', 'xai-'),
  token('huggingface-token', 'hf_[A-Za-z0-9]{30,60}', 'hf_'),
  token('perplexity-key', 'pplx-[A-Za-z0-9]{40,80}', 'pplx-'),
  token('replicate-token', 'r8_[A-Za-z0-9]{30,60}', 'r8_'),
  token('github-token', 'gh[pousr]_[A-Za-z0-9]{30,255}', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'),
  token('github-fine-grained-token', 'github_pat_[A-Za-z0-9_]{40,255}', 'github_pat_'),
  token(
    'gitlab-token',
    'gl(?:pat|dt|rt|oas|cbt|ptt|ft|imt|agent)-[A-Za-z0-9_.-]{20,300}',
    'glpat-',
    'gldt-',
    'glrt-',
    'gloas-',
    'glcbt-',
    'glptt-',
    'glft-',
    'glimt-',
    'glagent-',
  ),
  token('slack-token', 'xox[abeoprs]-[A-Za-z0-9-]{10,250}', 'xox'),
  token('slack-app-token', 'xapp-\\d-[A-Za-z0-9-]{20,250}', 'xapp-'),
  token('slack-webhook', 'hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z0-9/_+-]{20,200}', 'hooks.slack.com'),
  token('discord-webhook', 'discord(?:app)?\\.com/api/webhooks/\\d{15,25}/[A-Za-z0-9_-]{40,100}', '/api/webhooks/'),
  token('telegram-bot-token', '\\d{8,11}:AA[A-Za-z0-9_-]{32,35}', ':aa'),
  token('aws-access-key-id', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}', 'akia', 'asia', 'abia', 'acca'),
  token(
    'stripe-key',
    '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,200}|whsec_[A-Za-z0-9+/=]{20,100}',
    '_live_',
    '_test_',
    'whsec_',
  ),
  token('twilio-key', '(?:SK|AC)[0-9a-f]{32}', 'sk', 'ac'),
  token('sendgrid-key', 'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{30,64}', 'sg.'),
  token('mailgun-key', 'key-[0-9a-f]{32}', 'key-'),
  token('mailchimp-key', '[0-9a-f]{32}-us\\d{1,2}', '-us'),
  token('npm-token', 'npm_[A-Za-z0-9]{30,60}', 'npm_'),
  token('pypi-token', 'pypi-[A-Za-z0-9_-]{50,400}', 'pypi-'),
  token('rubygems-key', 'rubygems_[0-9a-f]{40,60}', 'rubygems_'),
  token('docker-token', 'dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,80}', 'dckr_'),
  token('digitalocean-token', 'do[opr]_v1_[0-9a-f]{50,80}', '_v1_'),
  token('heroku-key', 'HRKU-[A-Za-z0-9_-]{30,80}', 'hrku-'),
  token('shopify-token', 'shp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{32}', 'shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_'),
  token('square-token', 'sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20,60}', 'sq0'),
  token('databricks-token', 'dapi[0-9a-f]{32}(?:-\\d)?', 'dapi'),
  token('linear-key', 'lin_(?:api|oauth)_[A-Za-z0-9]{30,80}', 'lin_'),
  token('notion-token', '(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,60})', 'secret_', 'ntn_'),
  token('atlassian-token', 'ATATT3[A-Za-z0-9_=-]{50,300}', 'atatt3'),
  token('grafana-token', 'gl(?:sa|c)_[A-Za-z0-9+/=_-]{30,400}', 'glsa_', 'glc_'),
  token('sentry-token', 'sntry[su]_[A-Za-z0-9+/=_-]{30,400}', 'sntry'),
  token('new-relic-key', 'NR(?:AK|JS|AA|II|RA)-[A-Za-z0-9]{20,60}', 'nrak-', 'nrjs-', 'nraa-', 'nrii-', 'nrra-'),
  token('vault-token', 'hv[sbr]\\.[A-Za-z0-9_-]{20,300}', 'hvs.', 'hvb.', 'hvr.'),
  token('terraform-token', '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{40,100}', 'atlasv1'),
  token('age-key', 'AGE-SECRET-KEY-1[A-Z0-9]{50,70}', 'age-secret-key'),
  token('postman-key', 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}', 'pmak-'),
  token('planetscale-token', 'pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{30,80}', 'pscale_'),
  token('supabase-key', 'sbp_[0-9a-f]{40}', 'sbp_'),
  token('jwt', 'eyJ[A-Za-z0-9_-]{8,4000}\\.eyJ[A-Za-z0-9_-]{8,8000}\\.[A-Za-z0-9_-]{0,2000}', 'eyj'),
];

/** Secrets told by what stands before them. */
const PLACES: readonly RedactionRule[] = [
  {
    id: 'password-in-url',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@'"`<>{}$]{0,100}:(?<secret>[^\s/@'"`<>{}$]{3,200})@[\w[.-]/gi,
    hints: ['://'],
    judged: true,
  },
  {
    id: 'azure-storage-key',
    pattern: /\b(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{40,100}={0,2})/g,
    hints: ['accountkey=', 'sharedaccesskey='],
  },
  { id: 'azure-sas', pattern: /[?&]sig=(?<secret>[A-Za-z0-9%+/]{30,120}(?:%3D|=){0,2})/g, hints: ['sig='] },
  {
    id: 'azure-client-secret',
    pattern: /(?<![A-Za-z0-9_~.-])(?<secret>[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34})(?![A-Za-z0-9_~.-])/g,
    hints: ['q~'],
  },
  {
    id: 'connection-string-password',
    pattern: /(?:^|[;"' \t])(?:password|pwd)[ \t]{0,3}=[ \t]{0,3}(?<secret>[^;"'\s]{4,200})[ \t]{0,3};/gim,
    hints: ['password', 'pwd'],
    judged: true,
  },
  {
    id: 'aws-secret-key',
    pattern: /aws.{0,30}(?:secret|private).{0,20}?['":= \t]{1,6}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    hints: ['aws'],
  },
  {
    id: 'authorization-header',
    pattern: /\b(?:bearer|basic|token)[ \t]{1,3}(?<secret>[A-Za-z0-9._~+/-]{16,2000}={0,2})/gi,
    hints: ['bearer', 'basic', 'token'],
    judged: true,
  },
  {
    id: 'api-key-header',
    pattern:
      /\b(?:x-api-key|api-key|x-auth-token|private-token|x-access-token|ocp-apim-subscription-key)['"]?[ \t]{0,3}[:=,][ \t]{0,3}['"]?(?<secret>[A-Za-z0-9._~+/=-]{12,500})/gi,
    hints: ['-key', '-token'],
    judged: true,
  },
  {
    id: 'cookie',
    pattern:
      /\b(?:set-cookie|cookie)['"]?[ \t]{0,3}:[ \t]{0,3}['"]?[^\s=;'"]{1,80}=(?<secret>[A-Za-z0-9%._~+/=-]{20,2000})/gi,
    hints: ['cookie'],
    judged: true,
  },
  {
    id: 'npmrc-auth',
    pattern:
      /^(?:\/\/[^\s=]{1,200}:|[ \t]{0,8})(?:_authToken|_auth|_password)[ \t]{0,3}=[ \t]{0,3}(?<secret>[^\s"'${}()]{6,500})[ \t]*$/gm,
    hints: ['_auth', '_password'],
  },
  {
    id: 'netrc-password',
    pattern:
      /\bmachine[ \t]{1,4}\S{1,200}[ \t]{1,4}login[ \t]{1,4}\S{1,200}[ \t]{1,4}password[ \t]{1,4}(?<secret>\S{3,200})/g,
    hints: ['machine'],
  },
  {
    id: 'command-line-password',
    pattern:
      /(?<!\S)--?(?:password|passwd|token|api-key|secret)[= \t]{1,2}(?<secret>[^\s'"$<>{}[\]-][^\s'"$<>{}[\]]{5,200})/gi,
    hints: ['-password', '-passwd', '-token', '-api-key', '-secret'],
    judged: true,
  },
  {
    id: 'curl-user',
    pattern: /\bcurl\b.{0,200}?[ \t](?:-u|--user)[ \t]{1,3}['"]?[^\s:'"]{1,100}:(?<secret>[^\s'"$]{3,200})/gi,
    hints: ['curl'],
    judged: true,
  },
  {
    id: 'assigned-secret',
    pattern:
      /(?:\b|_)(?:passw(?:or)?d|passphrase|pwd|secret(?:[_-]?(?:access)?[_-]?key)?|api[_-]?(?:key|secret|token)|auth[_-]?token|access[_-]?(?:key|token)|client[_-]?secret|private[_-]?key|encryption[_-]?key|signing[_-]?key|refresh[_-]?token|session[_-]?(?:key|token)|bot[_-]?token|db[_-]?pass|token|credentials?)(?:['"]|\b)(?:[ \t]{0,3}:[ \t]{0,3}(?:str|string|String))?[ \t]{0,20}(?::=|=>|=|:)[ \t]{0,3}(?<quote>["'`]?)(?<secret>[^\s"'`,;(){}<>[\]]{6,300})(?<after>["'`]?)/gi,
    hints: ['passw', 'passphrase', 'pwd', 'secret', 'key', 'token', 'credential', 'db_pass', 'db-pass', 'dbpass'],
    judged: true,
  },
];

/** All rules, the more telling first. */
export const REDACTION_RULES: readonly RedactionRule[] = [...VENDORS, ...PLACES];
