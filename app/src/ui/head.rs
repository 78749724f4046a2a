//! Title, question, the rooms, language, theme, and the link to this lab: HTML that the server writes and the browser
//! takes over. What changes in it is filled in.

#[cfg(not(feature = "ssr"))]
mod kept;
#[cfg(feature = "ssr")]
mod written;

#[cfg(not(feature = "ssr"))]
pub(crate) use kept::Head;
#[cfg(feature = "ssr")]
pub(crate) use written::Head;
