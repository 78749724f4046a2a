//! The words of those parts of the page that the server alone writes.

use super::T;
use domain::scheme::{Carrier, Credential, Scheme};

/// The head of the page.
pub(crate) struct Head {
    pub(crate) title: T,
    pub(crate) question: T,
    pub(crate) contents: T,
    pub(crate) theme: T,
    pub(crate) themes: [T; 3],
    pub(crate) share: T,
    /// Where the page could not start.
    pub(crate) failed: T,
}

/// The lab's users.
pub(crate) struct Users {
    pub(crate) title: T,
    pub(crate) how: T,
    pub(crate) role_of: fn(&str) -> String,
    pub(crate) disabled: T,
    pub(crate) disabled_of: fn(&str) -> String,
}

/// For whom the page was rendered.
pub(crate) struct Rendered {
    pub(crate) title: T,
    pub(crate) known: T,
    pub(crate) for_nobody: T,
    pub(crate) refused: T,
    pub(crate) untold: T,
    pub(crate) nobody: T,
}

/// How several servers share logins.
pub(crate) struct Presets {
    pub(crate) label: T,
    /// What each one is, in the order of `Strategy::ALL`.
    pub(crate) what: [T; 6],
    /// What to do to see it.
    pub(crate) attempt: [T; 6],
}

pub(crate) struct Switch {
    pub(crate) legend: T,
    pub(crate) cookie_how: T,
    pub(crate) storage_how: T,
    pub(crate) carrier: fn(Carrier) -> T,
    /// What proves you, and who remembers then.
    pub(crate) credential: fn(Credential) -> (T, T),
    /// What a choice is usually called.
    pub(crate) usual: fn(Scheme) -> T,
}

pub(crate) struct Actions {
    pub(crate) guestbook_csp: T,
    pub(crate) guestbook_csp_why: T,
    pub(crate) label: T,
    pub(crate) user: T,
    pub(crate) password: T,
    pub(crate) log_in: T,
    pub(crate) who_am_i: T,
    pub(crate) add: T,
    pub(crate) log_out: T,
    pub(crate) log_out_everywhere: T,
    pub(crate) restart: T,
    pub(crate) ten_minutes: T,
    pub(crate) new_tab: T,
    pub(crate) what_if: T,
    pub(crate) another_site: T,
    /// In the order of `Attack::ALL`.
    pub(crate) attacks: [T; 4],
    pub(crate) a_script: T,
    pub(crate) script_reads: T,
    pub(crate) script_acts: T,
    pub(crate) catalog: T,
    pub(crate) take_rows: T,
    pub(crate) take_key: T,
    /// What stands over the groups behind *More*, from top to bottom.
    pub(crate) groups: [T; 5],
    pub(crate) more: T,
    pub(crate) more_label: T,
    pub(crate) empty_cart: T,
    pub(crate) admin: T,
    pub(crate) eight_hours: T,
    pub(crate) alg: T,
    pub(crate) rotate: T,
    pub(crate) retire: T,
    pub(crate) reset: T,
    pub(crate) defences: T,
    pub(crate) denylist: T,
    pub(crate) denylist_why: T,
    pub(crate) check_origin: T,
    pub(crate) check_origin_why: T,
    pub(crate) hash_ids: T,
    pub(crate) hash_ids_why: T,
}
