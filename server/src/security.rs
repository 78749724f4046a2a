//! Security events in the server's log (ASVS 5.0 V16.3): who came in, who was refused and why, what was revoked, which
//! brake took hold. Never a credential or a password, and of a lab only a hash, for its id is the right to use it.

use crate::{bounds::LOG_CHARS, clients::Client, metrics};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// The target of these lines: `RUST_LOG=login_lab::security=info` shows them alone.
pub(crate) const TARGET: &str = "login_lab::security";

/// The field of a line that says whom it concerns. The log gives each of them its share.
pub(crate) const CLIENT: &str = "client";

/// What happened. The reason is the server's own words, never what came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    LoggedIn,
    LoginRefused(&'a str),
    CredentialRefused(&'a str),
    /// Somebody may not do this (403).
    NotAllowed(&'a str),
    /// A login, or several, ended before its time, by this.
    Revoked(&'a str),
    /// Somebody is over this bound.
    Braked(&'static str),
}

/// Whom it concerns, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Whom<'a> {
    /// The lab's id. Only a hash of it is written.
    pub(crate) lab: Option<&'a str>,
    /// A user that exists. Any other name that was typed may be a password.
    pub(crate) user: Option<&'a str>,
    pub(crate) client: Option<&'a Client>,
}

impl Event<'_> {
    /// Writes a line, and counts it.
    pub(crate) fn log(self, whom: Whom<'_>) {
        if let Self::Braked(bound) = self {
            metrics::braked(bound);
        }
        let lab = whom.lab.map(shown_lab).unwrap_or_default();
        let user = shown(whom.user.unwrap_or_default());
        let client = whom.client.map(|client| client.address.to_string()).unwrap_or_default();
        // A macro for each, so that each kind has its own share of the log: a flood of one hides no other.
        macro_rules! line {
            ($level:ident, $event:literal, $why:expr) => {{
                metrics::happened($event);
                tracing::$level!(target: TARGET, event = $event, why = shown($why), lab, user, client);
            }};
        }
        match self {
            Self::LoggedIn => line!(info, "logged-in", ""),
            Self::LoginRefused(why) => line!(warn, "login-refused", why),
            Self::CredentialRefused(why) => line!(warn, "credential-refused", why),
            Self::NotAllowed(why) => line!(warn, "not-allowed", why),
            Self::Revoked(by) => line!(info, "revoked", by),
            Self::Braked(bound) => line!(warn, "braked", bound),
        }
    }
}

/// A lab as the log names it: always the same, and nobody gets into the lab with it.
fn shown_lab(id: &str) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(Sha256::digest(id));
    text.truncate(8);
    text
}

fn shown(text: &str) -> String {
    text.chars().take(LOG_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::{Clients, Proxies};
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    /// What is written to the log meanwhile.
    fn logged(act: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Lines(Arc<Mutex<Vec<u8>>>);
        impl io::Write for Lines {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, act);
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_says_when_what_why_in_which_lab_of_whom_and_from_where() {
        let client = Arc::new(Clients::new(Proxies::default())).of("203.0.113.7".parse().unwrap());
        let lab = "AAAAAAAAAAAAAAAAAAAAAA";
        let whom = Whom { lab: Some(lab), user: Some("alice"), client: Some(&client) };
        let text = logged(|| Event::LoginRefused("wrong password").log(whom));
        let hash = shown_lab(lab);
        for part in [
            "WARN login_lab::security: event=\"login-refused\"",
            "why=\"wrong password\"",
            &format!("lab=\"{hash}\""),
            "user=\"alice\"",
            "client=\"203.0.113.7\"",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.starts_with("20") && text.contains("Z "), "the time: {text}");
        assert!(!text.contains(lab), "{text}");
        assert_eq!((hash.len(), text.lines().count()), (8, 1));
    }

    #[test]
    fn every_event_is_a_line_of_its_own_name_also_where_nothing_more_is_known() {
        let events = [
            (Event::LoggedIn, "INFO", "logged-in"),
            (Event::LoginRefused("x"), "WARN", "login-refused"),
            (Event::CredentialRefused("x"), "WARN", "credential-refused"),
            (Event::NotAllowed("x"), "WARN", "not-allowed"),
            (Event::Revoked("logout"), "INFO", "revoked"),
            (Event::Revoked("logout everywhere"), "INFO", "logout everywhere"),
            (Event::Revoked("user disabled"), "INFO", "user disabled"),
            (Event::Revoked("key retired"), "INFO", "key retired"),
            (Event::Revoked("refresh token used twice"), "INFO", "refresh token used twice"),
            (Event::Braked("x"), "WARN", "braked"),
        ];
        for (event, level, name) in events {
            let text = logged(|| event.log(Whom::default()));
            assert!(text.contains(level) && text.contains(name) && text.lines().count() == 1, "{text}");
        }
    }

    #[test]
    fn nobody_writes_a_second_line_or_a_long_one() {
        let forged = format!("x\n2026 WARN forged\u{1b}[31m{}", "y".repeat(10_000));
        let text = logged(|| {
            Event::CredentialRefused(&forged).log(Whom { user: Some(&forged), ..Whom::default() });
        });
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!text.contains('\u{1b}') && text.len() < 1000, "{text}");
    }
}
