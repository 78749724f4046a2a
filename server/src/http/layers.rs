//! What stands around the routes.

pub(crate) mod compression;
pub(crate) mod form_redirect;
pub(crate) mod not_found;
pub(crate) mod origin;
pub(crate) mod public_origin;
pub(crate) mod route_name;
