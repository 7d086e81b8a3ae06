//! X448 (RFC 7748, 5), which the usual libraries leave out and OpenSSL offers by default.
//!
//! Not constant in time: the keys made here protect nothing.

use num_bigint::BigUint;

/// Returns the product of a scalar and a point, each of 56 bytes, little end first.
pub(super) fn multiply(scalar: &[u8; 56], point: &[u8; 56]) -> [u8; 56] {
    let p = prime();
    let mut clamped = *scalar;
    clamped[0] &= 252;
    clamped[55] |= 128;
    let k = BigUint::from_bytes_le(&clamped);
    let u = BigUint::from_bytes_le(point) % &p;
    let (one, zero) = (BigUint::from(1_u8), BigUint::from(0_u8));
    let (mut x2, mut z2, mut x3, mut z3) = (one.clone(), zero, u.clone(), one);
    let subtract = |a: &BigUint, b: &BigUint| (a + &p - b) % &p;
    let mut is_swapped = false;
    for bit in (0..448).rev() {
        if k.bit(bit) != is_swapped {
            std::mem::swap(&mut x2, &mut x3);
            std::mem::swap(&mut z2, &mut z3);
        }
        is_swapped = k.bit(bit);
        let (a, b) = ((&x2 + &z2) % &p, subtract(&x2, &z2));
        let (c, d) = ((&x3 + &z3) % &p, subtract(&x3, &z3));
        let (aa, bb) = (&a * &a % &p, &b * &b % &p);
        let e = subtract(&aa, &bb);
        let (da, cb) = (&d * &a % &p, &c * &b % &p);
        let (sum, difference) = ((&da + &cb) % &p, subtract(&da, &cb));
        x3 = &sum * &sum % &p;
        z3 = &u * (&difference * &difference % &p) % &p;
        x2 = &aa * &bb % &p;
        z2 = &e * (&aa + BigUint::from(39_081_u32) * &e) % &p;
    }
    if is_swapped {
        std::mem::swap(&mut x2, &mut x3);
        std::mem::swap(&mut z2, &mut z3);
    }
    let inverse = z2.modpow(&(&p - 2_u8), &p);
    let mut out = [0; 56];
    out.iter_mut().zip((x2 * inverse % p).to_bytes_le()).for_each(|(to, from)| *to = from);
    out
}

/// The base point.
pub(super) fn base() -> [u8; 56] {
    let mut base = [0; 56];
    base[0] = 5;
    base
}

/// 2^448 - 2^224 - 1.
fn prime() -> BigUint {
    (BigUint::from(1_u8) << 448_u32) - (BigUint::from(1_u8) << 224_u32) - 1_u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_reach_the_same_secret() {
        let (mine, yours) = ([7; 56], [9; 56]);
        let secret = multiply(&mine, &multiply(&yours, &base()));
        assert_eq!(secret, multiply(&yours, &multiply(&mine, &base())));
        assert_ne!(secret, [0; 56]);
    }

    #[test]
    fn one_round_is_that_of_the_standard() {
        // RFC 7748, 5.2: the base point as scalar and as point.
        let product = multiply(&base(), &base());
        let hex: String = product.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "3f482c8a9f19b01e");
    }
}
