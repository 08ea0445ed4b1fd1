import { NextResponse, type NextRequest } from "next/server";

/** What a page may load and run. Scripts need this request's nonce; what they load in turn is trusted. */
function contentSecurityPolicy(nonce: string): string {
  const development = process.env.NODE_ENV === "development";
  return [
    "default-src 'self'",
    // React's error overlay evaluates code, and hot reload uses a web socket: in development only.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
}

/** Gives every page its own Content-Security-Policy; Next.js reads the nonce from the request's header. */
export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy(Buffer.from(crypto.randomUUID()).toString("base64"));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

export const config = {
  // Not for routes under /api: the body of a request that passes here is cut at 10 MB. A path with a dot may be a
  // page (an id with a dot), so files are not told by their name.
  matcher: ["/((?!api/|_next/static/|_next/image|favicon\\.ico$).*)"],
};
