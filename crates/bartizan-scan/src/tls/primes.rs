//! Primes that many servers share, so that one great computation opens them all (Logjam, CCS 2015).

use sha2::{Digest, Sha256};

/// Returns where a prime is known from.
pub(crate) fn known(prime: &[u8]) -> Option<&'static str> {
    let zeros = prime.iter().take_while(|byte| **byte == 0).count();
    let digest = Sha256::digest(prime.get(zeros..).unwrap_or_default());
    let start = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    KNOWN.iter().find(|(known, _)| *known == start).map(|(_, name)| *name)
}

/// The first eight bytes of the prime's SHA-256, and its name.
static KNOWN: &[(u64, &str)] = &[
    (0xb52b_a6a3_0265_20a6, "RFC 2409, First Oakley Group"),
    (0x3f35_a3f5_f6c4_376a, "RFC 2409, Second Oakley Group"),
    (0x64fc_c83e_c403_930b, "RFC 3526, 1536-bit MODP Group"),
    (0xd664_36f7_9bbd_6b2e, "RFC 3526, 2048-bit MODP Group"),
    (0x48cf_8b09_2fbc_e435, "RFC 3526, 3072-bit MODP Group"),
    (0x4ee9_5187_682b_cb23, "RFC 3526, 4096-bit MODP Group"),
    (0xd1bf_e6d0_925c_e7e4, "RFC 3526, 6144-bit MODP Group"),
    (0x39ab_4fea_b950_a312, "RFC 3526, 8192-bit MODP Group"),
    (0x9cd3_b7f3_3687_2f46, "RFC 7919, ffdhe2048"),
    (0x0eaf_67db_3a83_9156, "RFC 7919, ffdhe3072"),
    (0x4648_4142_24ac_881b, "RFC 7919, ffdhe4096"),
    (0x227a_c906_6b3d_dd9e, "RFC 7919, ffdhe6144"),
    (0x770b_14ef_af6f_0499, "RFC 7919, ffdhe8192"),
];
