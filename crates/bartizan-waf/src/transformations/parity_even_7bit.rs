//! `parityEven7bit`: the eighth bit makes the number of ones even.

use super::{Context, Transformation};

pub(super) const TRANSFORMATION: Transformation =
    Transformation { name: "parityEven7bit", aliases: &[], apply, touches: None };

fn apply(value: &[u8], _: &Context<'_>) -> Option<Vec<u8>> {
    let out: Vec<u8> =
        value.iter().map(|&byte| if byte.count_ones() % 2 == 1 { byte | 0x80 } else { byte & 0x7f }).collect();
    (out != value).then_some(out)
}
