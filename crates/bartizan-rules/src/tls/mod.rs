//! Faults in how a server speaks TLS, and in its certificate.

use crate::rule::Rule;

mod fixes;

pub mod aead_missing;
pub mod caa_missing;
pub mod certificate_expired;
pub mod certificate_expires_soon;
pub mod certificate_key_weak;
pub mod certificate_lifetime_long;
pub mod certificate_not_yet_valid;
pub mod certificate_revoked;
pub mod certificate_signature_weak;
pub mod certificate_untrusted;
pub mod certificate_wrong_host;
pub mod chain_incomplete;
pub mod chain_out_of_order;
pub mod chain_superfluous;
pub mod change_cipher_early;
pub mod cipher_anonymous;
pub mod cipher_export;
pub mod cipher_rc4;
pub mod cipher_small_block;
pub mod cipher_unencrypted;
pub mod dh_prime_shared;
pub mod dh_prime_short;
pub mod early_data_accepted;
pub mod extended_master_secret_missing;
pub mod fallback_unprotected;
pub mod forward_secrecy_missing;
pub mod handshake_signature_weak;
pub mod heartbleed;
pub mod hello_refused;
pub mod letter;
pub mod name_unsigned;
pub mod next_protocol_offered;
pub mod padding_oracle;
pub mod post_quantum_missing;
pub mod renegotiation_by_client;
pub mod renegotiation_insecure;
pub mod service_record_wrong;
pub mod ssl_enabled;
pub mod staple_missing;
pub mod ticket_lifetime_long;
pub mod ticketbleed;
pub mod timestamps_missing;
pub mod tls_13_missing;
pub mod tls_compression;
pub mod tls_version_old;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &aead_missing::RULE,
    &caa_missing::RULE,
    &certificate_expired::RULE,
    &certificate_expires_soon::RULE,
    &certificate_key_weak::RULE,
    &certificate_lifetime_long::RULE,
    &certificate_not_yet_valid::RULE,
    &certificate_revoked::RULE,
    &certificate_signature_weak::RULE,
    &certificate_untrusted::RULE,
    &certificate_wrong_host::RULE,
    &chain_incomplete::RULE,
    &chain_out_of_order::RULE,
    &chain_superfluous::RULE,
    &change_cipher_early::RULE,
    &cipher_anonymous::RULE,
    &cipher_export::RULE,
    &cipher_rc4::RULE,
    &cipher_small_block::RULE,
    &cipher_unencrypted::RULE,
    &dh_prime_shared::RULE,
    &dh_prime_short::RULE,
    &early_data_accepted::RULE,
    &extended_master_secret_missing::RULE,
    &fallback_unprotected::RULE,
    &forward_secrecy_missing::RULE,
    &handshake_signature_weak::RULE,
    &heartbleed::RULE,
    &hello_refused::RULE,
    &name_unsigned::RULE,
    &next_protocol_offered::RULE,
    &padding_oracle::RULE,
    &post_quantum_missing::RULE,
    &renegotiation_by_client::RULE,
    &renegotiation_insecure::RULE,
    &service_record_wrong::RULE,
    &ssl_enabled::RULE,
    &staple_missing::RULE,
    &ticket_lifetime_long::RULE,
    &ticketbleed::RULE,
    &timestamps_missing::RULE,
    &tls_13_missing::RULE,
    &tls_compression::RULE,
    &tls_version_old::RULE,
];
