//! What more than one room of the page is made of.

pub(crate) mod bar;
pub(crate) mod behind;
pub(crate) mod chip;
pub(crate) mod fold;
#[cfg(not(feature = "ssr"))]
pub(crate) mod kept;
pub(crate) mod lazily;
pub(crate) mod menu;
pub(crate) mod place;
pub(crate) mod tour;
