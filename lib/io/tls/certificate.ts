/**
 * X.509 certificates: their fields, names and fingerprints.
 *
 * @module
 */

/** The fields of a certificate in use. */
export interface Certificate {
  pem: string;
  /** SHA-256, hexadecimal with colons. */
  fingerprint: string;
  /** The DNS names and addresses that it is valid for. */
  names: string[];
  issuer: string;
  isSelfSigned: boolean;
  /**
   * Whether it is an authority's (CA:TRUE), which TLS refuses as a server's.
   */
  isAuthority: boolean;
  validFrom: Date;
  validTo: Date;
}

/** Parses the first certificate of a PEM text. @throws If there is none. */
export async function readCertificate(pem: string): Promise<Certificate> {
  const der = fromPem(pem);
  // Loaded on demand: loading takes longer than connecting.
  const x509 = await import("@peculiar/x509");
  const certificate = new x509.X509Certificate(der);
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)
    ?.names.items ?? [];
  return {
    pem: toPem(der),
    fingerprint: await fingerprint(der),
    names: names.filter(({ type }) => type === "dns" || type === "ip")
      .map(({ value }) => value),
    issuer: certificate.issuer,
    isSelfSigned: await certificate.isSelfSigned().catch(() => false),
    isAuthority: certificate.getExtension(x509.BasicConstraintsExtension)?.ca ??
      false,
    validFrom: certificate.notBefore,
    validTo: certificate.notAfter,
  };
}

/** A certificate's SHA-256 fingerprint, hexadecimal with colons. */
export async function fingerprint(
  der: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", der);
  return new Uint8Array(hash).toHex().toUpperCase().match(/../g)!.join(":");
}

/** The bytes of a PEM text's first certificate. @throws {TypeError} Without one. */
export function fromPem(pem: string): Uint8Array<ArrayBuffer> {
  const [, base64] =
    /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/
      .exec(pem) ?? [];
  if (base64 === undefined) throw new TypeError("It has no PEM certificate");
  return Uint8Array.fromBase64(base64);
}

/** Encodes a certificate as PEM (RFC 7468). */
export function toPem(der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
