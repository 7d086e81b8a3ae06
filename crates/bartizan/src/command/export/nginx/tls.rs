//! TLS towards visitors.

use bartizan_proxy::config::{Tickets, TlsVersion};

use super::super::patterns::{POST_QUANTUM, openssl_ciphers, openssl_groups, tls13_suites};
use super::super::plan::Plan;
use super::super::written::{Written, raw, text};

/// Writes the certificate and the settings.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    let files = &plan.certificate;
    let key = files.key.as_ref().unwrap_or(&files.chain);
    if files.is_assumed {
        out.note(format!("no certificate was named: {} is assumed (--certificate, --key)", files.chain.display()));
    }
    out.comment("TLS.");
    out.say("ssl_certificate", &[text(files.chain.display().to_string())]);
    out.say("ssl_certificate_key", &[text(key.display().to_string())]);
    settings(plan, out);
    if let Some(ocsp) = &files.ocsp {
        out.say("ssl_stapling", &[raw("on")]);
        out.say("ssl_stapling_file", &[text(ocsp.display().to_string())]);
    }
    if let Some(client) = &plan.tls().client_certificates {
        out.say("ssl_client_certificate", &[text(client.authorities.display().to_string())]);
        out.say("ssl_verify_client", &[raw(if client.required { "on" } else { "optional" })]);
    }
}

/// Writes what does not belong to a certificate. Of several servers on one socket the default one decides about versions.
pub(super) fn settings(plan: &Plan<'_>, out: &mut Written) {
    let tls = plan.tls();
    let versions: Vec<_> = [(TlsVersion::V1_2, "TLSv1.2"), (TlsVersion::V1_3, "TLSv1.3")]
        .into_iter()
        .filter(|(version, _)| tls.versions.contains(version))
        .map(|(_, name)| name)
        .collect();
    out.say("ssl_protocols", &[raw(versions.join(" "))]);
    if tls.versions.contains(&TlsVersion::V1_2) {
        out.say("ssl_ciphers", &[raw(openssl_ciphers(tls))]);
    }
    let suites = tls13_suites(tls);
    if tls.versions.contains(&TlsVersion::V1_3) && !suites.is_empty() {
        out.say("ssl_conf_command", &[raw("Ciphersuites"), raw(suites.join(":"))]);
    }
    // Every suite of the list is sound, and a phone knows best which of them it computes quickly.
    out.say("ssl_prefer_server_ciphers", &[raw("off")]);
    let (groups, is_short) = openssl_groups(tls);
    out.say("ssl_ecdh_curve", &[raw(groups)]);
    if is_short {
        out.note(POST_QUANTUM);
    }
    out.say("ssl_session_cache", &[raw("shared:bartizan:10m")]);
    out.say("ssl_session_timeout", &[raw("1h")]);
    // Until then the keys of tickets stay for as long as nginx runs, and open all that was recorded.
    let are_rotated = plan.version.is_at_least([1, 23, 2]) && tls.tickets == Tickets::Rotated;
    out.say("ssl_session_tickets", &[raw(if are_rotated { "on" } else { "off" })]);
}
