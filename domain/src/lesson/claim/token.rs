//! What a token is.

use super::Claim;

pub(super) const CLAIMS: &[Claim] = &[];
