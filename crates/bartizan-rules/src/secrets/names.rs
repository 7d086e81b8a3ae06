//! Which names are those of secrets.

/// Whether something of this name holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_place = [
        "_FILE",
        "_PATH",
        "_URL",
        "_ID",
        "_NAME",
        "_HEADER",
        "_AGE",
        "_LENGTH",
        "_TIMEOUT",
        "_VALIDATORS",
        "_HASHERS",
        "_ENV",
    ];
    if is_place.iter().any(|end| name.ends_with(end)) {
        return false;
    }
    let ends = [
        "PASSWORD",
        "PASSWD",
        "PASS",
        "_PWD",
        "SECRET",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "API_KEY",
        "APIKEY",
        "ACCESS_KEY",
        "PRIVATE_KEY",
        "ENCRYPTION_KEY",
        "SIGNING_KEY",
        "AUTH_TOKEN",
        "ACCESS_TOKEN",
        "API_TOKEN",
        "SECRET_KEY_BASE",
    ];
    ends.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_about_secrets() {
        for (name, is) in [
            ("POSTGRES_PASSWORD", true),
            ("SECRET_KEY", true),
            ("aws_secret_access_key", true),
            ("EMAIL_HOST_PASSWORD", true),
            ("RABBITMQ_DEFAULT_PASS", true),
            ("POSTGRES_PASSWORD_FILE", false),
            ("PASSWORD_MIN_LENGTH", false),
            ("AUTH_PASSWORD_VALIDATORS", false),
            ("CLIENT_ID", false),
        ] {
            assert_eq!(is_secret(name), is, "{name}");
        }
    }
}
