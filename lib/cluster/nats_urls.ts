/**
 * What URLs of NATS say.
 *
 * @module
 */

/** The addresses of URLs, and the user, password or token in them. */
export function serversOf(urls: readonly string[]): {
  servers: string[];
  user?: string;
  pass?: string;
  token?: string;
  tls: boolean;
} {
  const parsed = urls.map((url) => new URL(url));
  const [{ username, password }] = parsed;
  return {
    servers: parsed.map(({ host }) => host),
    ...(username && password !== "" && {
      user: decodeURIComponent(username),
      pass: decodeURIComponent(password),
    }),
    ...(username && password === "" && { token: decodeURIComponent(username) }),
    tls: parsed.some(({ protocol }) => protocol === "tls:"),
  };
}
