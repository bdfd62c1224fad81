/** Strings that look random, made here: no scanner should take this file for a leak. */
export function strange(length: number, alphabet = 'aZ3kQ9xB7mT2vR8nW5pL4jH6gF1dS0cY'): string {
  let state = 7;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}
const hex = (length: number): string => strange(length, '0123456789abcdef');
const upper = (length: number): string => strange(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');

/** rule → text with the secret between « and ». */
export const SECRETS: ReadonlyArray<readonly [rule: string, text: string]> = [
  ['anthropic-key', `key: «sk-ant-api03-${strange(40)}»`],
  ['openai-key', `OPENAI=«sk-proj-${strange(48)}»`],
  ['openai-key', `client = OpenAI("«sk-${strange(48)}»")`],
  ['google-api-key', `maps?key=«AIza${strange(35)}»&x=1`],
  ['google-oauth-token', `«ya29.${strange(60)}»`],
  ['google-oauth-secret', `"«GOCSPX-${strange(28)}»"`],
  ['groq-key', `«gsk_${strange(52)}»`],
  ['xai-key', `«xai-${strange(80)}»`],
  ['huggingface-token', `login("«hf_${strange(34)}»")`],
  ['perplexity-key', `«pplx-${strange(48)}»`],
  ['replicate-token', `«r8_${strange(37)}»`],
  ['github-token', `git clone https://«ghp_${strange(36)}»@github.com/a/b`],
  ['github-token', `x «ghs_${strange(36)}» y`],
  ['github-fine-grained-token', `«github_pat_${strange(22)}_${strange(59)}»`],
  ['gitlab-token', `«glpat-${strange(20)}»`],
  ['slack-token', `«xoxb-123456789012-123456789012-${strange(24)}»`],
  ['slack-app-token', `«xapp-1-A0123456789-1234567890123-${hex(64)}»`],
  ['slack-webhook', `https://«hooks.slack.com/services/T00000000/B00000000/${strange(24)}»`],
  ['discord-webhook', `https://«discord.com/api/webhooks/123456789012345678/${strange(68)}»`],
  ['telegram-bot-token', `bot «123456789:AA${strange(33)}»`],
  ['aws-access-key-id', `aws_access_key_id = «AKIA${upper(16)}»`],
  ['aws-secret-key', `aws_secret_access_key = «${strange(40)}»`],
  ['stripe-key', `stripe.api_key = "«sk_live_${strange(24)}»"`],
  ['stripe-key', `«whsec_${strange(32)}»`],
  ['twilio-key', `«SK${hex(32)}»`],
  ['sendgrid-key', `«SG.${strange(22)}.${strange(43)}»`],
  ['mailgun-key', `«key-${hex(32)}»`],
  ['mailchimp-key', `«${hex(32)}-us12»`],
  ['npm-token', `«npm_${strange(36)}»`],
  ['pypi-token', `«pypi-AgEIcHlwaS5vcmc${strange(60)}»`],
  ['rubygems-key', `«rubygems_${hex(48)}»`],
  ['docker-token', `«dckr_pat_${strange(27)}»`],
  ['digitalocean-token', `«dop_v1_${hex(64)}»`],
  ['shopify-token', `«shpat_${hex(32)}»`],
  ['square-token', `«sq0csp-${strange(43)}»`],
  ['databricks-token', `«dapi${hex(32)}»`],
  ['linear-key', `«lin_api_${strange(40)}»`],
  ['notion-token', `«ntn_${strange(46)}»`],
  ['atlassian-token', `«ATATT3${strange(80)}»`],
  ['grafana-token', `«glsa_${strange(32)}_${hex(8)}»`],
  ['sentry-token', `«sntrys_${strange(80)}»`],
  ['new-relic-key', `«NRAK-${upper(27)}»`],
  ['vault-token', `«hvs.${strange(90)}»`],
  ['terraform-token', `«${strange(14)}.atlasv1.${strange(67)}»`],
  ['age-key', `«AGE-SECRET-KEY-1${upper(58)}»`],
  ['postman-key', `«PMAK-${hex(24)}-${hex(34)}»`],
  ['supabase-key', `«sbp_${hex(40)}»`],
  ['jwt', `id: «eyJ${strange(20)}.eyJ${strange(40)}.${strange(43)}»`],
  ['azure-storage-key', `AccountName=a;AccountKey=«${strange(86)}==»;EndpointSuffix=core`],
  ['azure-sas', `?sv=2021&sig=«${strange(44)}%3D»`],
  ['azure-client-secret', `x «abc8Q~${strange(34)}» y`],
  ['password-in-url', 'postgres://app:«s3cr3t-pa55»@db.internal:5432/app'],
  ['password-in-url', `redis://:«${strange(12)}»@cache:6379`],
  ['connection-string-password', 'Server=db;User Id=sa;Password=«Tr0ub4dor»;Encrypt=yes'],
  ['authorization-header', `Authorization: Bearer «${strange(40)}»`],
  ['authorization-header', 'headers["Authorization"] = "Basic «dXNlcjpwNHNzdzByZDEyMw==»"'],
  ['api-key-header', `-H 'X-Api-Key: «${strange(32)}»'`],
  ['npmrc-auth', `//registry.example.org/:_authToken=«${strange(30)}»`],
  ['netrc-password', 'machine api.example.org login me password «h9-grX»'],
  ['curl-user', 'curl -s -u admin:«gX93kd!a» https://x.org'],
  ['command-line-password', `mysql --password=«${strange(12)}» -u x`],
  ['assigned-secret', `password = "«${strange(12)}!»"`],
  ['assigned-secret', `  client_secret: «${strange(24)}»`],
  ['assigned-secret', `DB_PASSWORD=«${strange(16)}»`],
  ['assigned-secret', `"apiKey": "«${strange(24)}»",`],
  ['assigned-secret', `const API_TOKEN = '«${strange(24)}»';`],
];
