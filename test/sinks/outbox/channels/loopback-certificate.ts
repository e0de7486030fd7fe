/**
 * A certificate for 127.0.0.1 that nobody trusts who is not told to, with its key: for tests over TLS on loopback and for nothing
 * else. It is good for a hundred years from 2026 on.
 */
export const loopbackCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHY/VdpOAWulBPuMc
FzGpA9DVY7Zz+ec5LwFEQJA2nBuhRANCAAQt7Cs/y0fiFPHRQ6JfqXX0bB/Bii4H
4xScEaQgKrWLRclSRyRr92Y3d5B7d2NPMDQudZmFK9IeFMB2sveAfeQT
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBrTCCAVOgAwIBAgIUfPkJwKcO+JZd2dY1pmb+JsBpQC4wCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSbG9vcGJhY2sgZm9yIHRlc3RzMCAXDTI2MTEyNjE4NDIzMloY
DzIxMjYxMTAyMTg0MjMyWjAdMRswGQYDVQQDDBJsb29wYmFjayBmb3IgdGVzdHMw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQt7Cs/y0fiFPHRQ6JfqXX0bB/Bii4H
4xScEaQgKrWLRclSRyRr92Y3d5B7d2NPMDQudZmFK9IeFMB2sveAfeQTo28wbTAd
BgNVHQ4EFgQUwDbxB5KNEjF9pQ7jyoCk9ztTKvowHwYDVR0jBBgwFoAUwDbxB5KN
EjF9pQ7jyoCk9ztTKvowGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANqmh7PwKYO3HBbF/SM/DI8K
hPHhFFlxFO4H4wxkpvVgAiAar/dAhZSfkjny5nYqeHvA93NDv74QFl0wsTxF2E9Y
MA==
-----END CERTIFICATE-----`,
};
