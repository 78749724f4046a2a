//! What several servers do to a login.

use super::Claim;

pub(super) const CLAIMS: &[Claim] = &[];
