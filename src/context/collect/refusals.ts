/** Why a file must never be sent, by its name alone; `null` when nothing speaks against it. Examples without values may go. */
export function secretByName(path: string): string | null {
  if (!SUSPICIOUS.test(path)) return null;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/\.(example|sample|template|dist|defaults?)$/.test(name)) return null;
  if (/^\.env(\..+)?$|\.env$|^\.envrc$/.test(name)) return 'environment file: it may hold secrets';
  if (KEY_FILE.test(name)) return 'key or certificate store';
  if (CREDENTIAL_FILE.test(name)) return 'credential file';
  if (CREDENTIAL_PATH.test(`/${path.toLowerCase()}`)) return 'credential file';
  return null;
}

/** What every name that is refused has somewhere: a quick look that lets nearly all paths go. */
const SUSPICIOUS =
  /(^|\/)(\.|_netrc|id_|ssh_|credentials|client_secret|service[-_]?account|secret|kubeconfig|shadow|terraform|application_default|auth\.json|master\.)|\.(env|pem|key|p12|pfx|jks|jwks?|keystore|ppk|kdbx|asc|gpg|pgp|der|p8|keytab|ovpn|age|agekey|tfstate|tfvars)/i;
const KEY_FILE =
  /\.(pem|key|p12|pfx|jks|keystore|ppk|kdbx|asc|gpg|pgp|der|p8|keytab|ovpn|agekey)$|^(id_(rsa|dsa|ecdsa|ed25519)|ssh_host_\w+_key)(\..*)?$|\.(age|jwk|jwks)$/;
const CREDENTIAL_FILE =
  /^(\.netrc|_netrc|\.npmrc|\.yarnrc|\.pypirc|\.pgpass|\.my\.cnf|\.mylogin\.cnf|\.htpasswd|\.git-credentials|\.dockercfg|\.boto|\.s3cfg|\.vault-token|\.terraformrc|terraform\.rc|credentials|credentials\.(json|ya?ml|toml|ini|xml|db)|client_secrets?.*\.json|service[-_]?account.*\.json|secrets?\.(json|ya?ml|toml|ini|env)|.*\.tfstate(\.backup)?|.*\.tfvars(\.json)?|kubeconfig|master\.key|shadow|\.secrets?|application_default_credentials\.json|auth\.json|\.credentials\.json)$/;
const CREDENTIAL_PATH = /\/(\.ssh|\.gnupg|\.aws|\.azure|\.kube|\.docker|\.config\/gcloud|\.config\/gh)\//;
