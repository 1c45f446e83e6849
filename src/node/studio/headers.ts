/**
 * The headers that the studio is served with: by `cadenza studio`, in the `_headers` file of an exported
 * folder, and by the service worker on hosts that set none. Without imports, so that the studio's build can
 * read it too.
 */

/**
 * Only what the studio brings with it may run, and nothing may leave the page: `connect-src 'self'` is what
 * keeps dropped files where they are.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a page that plays may ask for, and some of what it never needs. */
const PERMISSIONS_POLICY = [
  'midi=(self)',
  'autoplay=(self)',
  'camera=()',
  'microphone=()',
  'geolocation=()',
  'display-capture=()',
  'payment=()',
  'usb=()',
  'serial=()',
  'hid=()',
].join(', ');

/** On every answer. The two cross-origin policies are what lets a page share memory between threads. */
export const STUDIO_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': PERMISSIONS_POLICY,
};

/** The folder whose files carry a hash of their content in their names. */
const HASHED_FOLDER = 'assets/';

/** How long a file may be kept: for good where its name changes with its content, else until asked again. */
export function cacheControl(path: string): string {
  return path.startsWith(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The same for static hosts that read a `_headers` file. */
export function headersFile(): string {
  const lines = Object.entries(STUDIO_HEADERS).map(([name, value]) => `  ${name}: ${value}`);
  return `/*\n${lines.join('\n')}\n/${HASHED_FOLDER}*\n  Cache-Control: ${cacheControl(HASHED_FOLDER)}\n`;
}
