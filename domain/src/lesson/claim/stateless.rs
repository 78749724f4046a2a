//! That HTTP remembers nothing.

use super::Claim;

pub(super) const CLAIMS: &[Claim] = &[];
