//! The headers by which an app could be told who the client is, or another address than the one we judged.
//!
//! The list decides what `client_address.rs` removes; what is written instead stands in `identity.rs`. It is public, for
//! whoever writes the same into another proxy's configuration.

/// Whether an app could take the header for word about the client from the wall.
pub(super) fn tells_identity(name: &str) -> bool {
    if !name.contains('_') {
        return is_listed(name);
    }
    // CGI and WSGI read `X_Forwarded_Proto` and `X-Forwarded-Proto` as one.
    is_listed(&name.replace('_', "-"))
}

fn is_listed(name: &str) -> bool {
    // Most names end here, before the lists.
    matches!(name.as_bytes().first(), Some(b'c' | b'f' | b'p' | b'r' | b's' | b't' | b'x')) && is_on_a_list(name)
}

fn is_on_a_list(name: &str) -> bool {
    IDENTITY_NAMES.binary_search(&name).is_ok() || IDENTITY_STARTS.iter().any(|start| name.starts_with(start))
}

/// Names that are removed from every request; sorted. Not among them: the method overrides, which `method.rs` judges, since API clients need them.
pub static IDENTITY_NAMES: &[&str] = &[
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "cf-ipcountry",
    "cf-visitor",
    "client-cert",
    "client-cert-chain",
    "client-ip",
    "fastly-client-ip",
    "fastly-ssl",
    "forwarded",
    "front-end-https",
    "proxy", // becomes HTTP_PROXY in CGI programs (CVE-2016-5385)
    "remote-addr",
    "true-client-ip",
    "x-arr-clientcert",
    "x-arr-ssl",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "x-envoy-internal",
    "x-host",
    "x-http-host-override",
    "x-https",
    "x-original-forwarded-for",
    "x-original-host",
    "x-original-uri",
    "x-original-url", // Symfony and IIS route by it, past every rule for paths (CVE-2018-14773)
    "x-originating-ip",
    "x-real-ip",
    "x-real-port",
    "x-request-id",
    "x-rewrite-url", // as above
    "x-scheme",
    "x-url-scheme",
];

/// How further such names begin; sorted.
pub static IDENTITY_STARTS: &[&str] = &[
    "cf-access-",
    "remote-email",
    "remote-groups",
    "remote-name",
    "remote-user",
    "ssl-",
    "tailscale-user-",
    "x-amzn-oidc-",
    "x-auth-request-",
    "x-authenticated",
    "x-client-cert",
    "x-client-dn",
    "x-client-verify",
    "x-forwarded",
    "x-goog-authenticated-user-",
    "x-goog-iap-",
    "x-ms-client-principal",
    "x-remote-",
    "x-ssl",
    "x-tls-",
    "x-webauth-",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell_of_a_client_are_told_from_others() {
        assert!(IDENTITY_NAMES.is_sorted() && IDENTITY_STARTS.is_sorted());
        assert!(
            IDENTITY_NAMES.iter().chain(IDENTITY_STARTS).all(|name| is_listed(name)),
            "the shortcut knows every first letter"
        );
        for (name, is_told) in [
            ("x-forwarded-host", true),
            ("x_forwarded_for", true),
            ("x-forwarded_proto", true),
            ("x-real-ip", true),
            ("x-ssl-client-cert", true),
            ("ssl-client-verify", true),
            ("remote_user", true),
            ("x-authenticated-user", true),
            ("proxy", true),
            ("x-original-url", true),
            ("proxy-status", false),
            ("x-http-method-override", false),
            ("x-requested-with", false),
            ("x-csrftoken", false),
            ("authorization", false),
        ] {
            assert_eq!(tells_identity(name), is_told, "{name}");
        }
    }
}
