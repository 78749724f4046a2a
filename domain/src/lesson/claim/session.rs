//! What a session is.

use super::Claim;

pub(super) const CLAIMS: &[Claim] = &[];
