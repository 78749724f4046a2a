//! The actions: HTML that the server writes and the browser takes over. What changes in it is filled in.

#[cfg(not(feature = "ssr"))]
mod kept;
#[cfg(feature = "ssr")]
mod written;

#[cfg(not(feature = "ssr"))]
pub(crate) use kept::Actions;
#[cfg(feature = "ssr")]
pub(crate) use written::Actions;
