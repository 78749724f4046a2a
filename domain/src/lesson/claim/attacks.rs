//! What attackers do, and what ends it.

use super::Claim;

pub(super) const CLAIMS: &[Claim] = &[];
