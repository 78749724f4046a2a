//! Which one to take.

use super::Claim;

pub(super) const CLAIMS: &[Claim] = &[];
