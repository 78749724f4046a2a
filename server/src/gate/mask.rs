//! Passwords never reach the record, however a request spells them or breaks them off; everything else stays as it
//! came, byte for byte. Credentials are shown: they are what the lab is about.

use domain::user::{DEMO_USERS, PASSWORD_ENDING, demo_password};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use memchr::{memchr2, memchr3, memmem::Finder};
use std::{borrow::Cow, ops::Range, sync::LazyLock};

const MASK: &str = "•••";

/// Parts of a text, in bytes.
type Spans = Vec<Range<usize>>;

/// A body as it may be recorded. What comes `to_login` and is neither an object nor a form may be a password as a whole.
pub(crate) fn body(bytes: &[u8], to_login: bool) -> Vec<u8> {
    let is_whole = is_json(bytes);
    let has_parts = !is_whole && has_parts(bytes);
    let is_object =
        !has_parts && bytes.iter().find(|byte| b"{[\"=&".contains(byte)).is_some_and(|byte| b"{[\"".contains(byte));
    if !is_object && (has_parts || bytes.contains(&b'<')) && names_a_secret(bytes) {
        return MASK.into();
    }
    if to_login && is_object && bytes.trim_ascii_start().first() != Some(&b'{') {
        return MASK.into();
    }
    if !is_object {
        return masked(bytes, form(bytes, 0, to_login));
    }
    let mut spans = json(bytes, to_login);
    if !is_whole {
        // It may as well be a form that begins so.
        spans.extend(form(bytes, 0, false));
    }
    masked(bytes, spans)
}

/// A path with its query: a form that was sent by GET puts its fields there.
pub(crate) fn path(text: &str) -> Cow<'_, str> {
    if !text.contains('?') && has_no_demo_password(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let query = text.find('?').map_or(text.len(), |at| at + 1);
    Cow::Owned(text_of(masked(text.as_bytes(), form(text.as_bytes(), query, false))))
}

/// Headers as they may be recorded. Those of most requests hold nothing to mask, and are not copied.
pub(crate) fn headers(all: &HeaderMap) -> Cow<'_, HeaderMap> {
    if all.iter().all(|(name, value)| has_nothing_to_mask(name, value.as_bytes())) {
        return Cow::Borrowed(all);
    }
    let masked = all.iter().map(|(name, value)| {
        let text = header(name, &String::from_utf8_lossy(value.as_bytes()));
        (name.clone(), HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("?")))
    });
    Cow::Owned(masked.collect())
}

/// Quickly, and rather once too often no than yes.
fn has_nothing_to_mask(name: &HeaderName, value: &[u8]) -> bool {
    let is_plain = match *name {
        header::REFERER => !value.contains(&b'?'),
        header::AUTHORIZATION | header::PROXY_AUTHORIZATION => {
            str::from_utf8(value).is_ok_and(|text| domain::exchange::bearer(text).is_some())
        }
        header::COOKIE => cookies(value).is_empty(),
        _ => !is_secret(name.as_str()),
    };
    is_plain && has_no_demo_password(value)
}

/// Quickly, and rather once too often no than yes: what is escaped may be one.
fn has_no_demo_password(bytes: &[u8]) -> bool {
    static ENDING: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(PASSWORD_ENDING));
    // Of the letters of the ending, the one that is rare in headers.
    let may_have_one = memchr3(b'w', b'%', b'\\', bytes).is_some();
    !may_have_one || memchr2(b'%', b'\\', bytes).is_none() && ENDING.find(bytes).is_none()
}

/// A header's value: `Basic` holds a password, and a referrer may hold a query.
pub(crate) fn header(name: &HeaderName, value: &str) -> String {
    if *name == header::REFERER {
        return path(value).into_owned();
    }
    if is_secret(name.as_str()) {
        return MASK.to_owned();
    }
    if (*name == header::AUTHORIZATION || *name == header::PROXY_AUTHORIZATION)
        && domain::exchange::bearer(value).is_none()
    {
        // A scheme is a token, as a header's name is (RFC 9110 §5.6.2); what else stands there may be the password.
        let is_scheme =
            |text: &&str| HeaderName::from_bytes(text.as_bytes()).is_ok() && demo_passwords(text.as_bytes()).is_empty();
        let scheme = value.split_once(' ').map(|(scheme, _)| scheme).filter(is_scheme).unwrap_or_default();
        return format!("{scheme} {MASK}");
    }
    let spans = if *name == header::COOKIE { cookies(value.as_bytes()) } else { Spans::new() };
    text_of(masked(value.as_bytes(), spans))
}

/// The values of the cookies that are named as passwords are.
fn cookies(bytes: &[u8]) -> Spans {
    let (mut spans, mut at) = (Spans::new(), 0);
    while at < bytes.len() {
        let end = until(bytes, at, b";");
        let value = (until(&bytes[..end], at, b"=") + 1).min(end);
        if is_secret(&plain(&bytes[at..value])) {
            spans.push(value..end);
        }
        at = end + 1;
    }
    spans
}

/// Whether a field of this name holds a password, whatever stands between its letters.
fn is_secret(name: &str) -> bool {
    if memchr2(b'p', b'P', name.as_bytes()).is_none() {
        return false;
    }
    if name.is_ascii() {
        return names_it(name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase().into()));
    }
    names_it(name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase))
}

/// Whether a password is among these letters, of which no copy is made: every header of a request is looked at.
fn names_it(letters: impl Iterator<Item = char>) -> bool {
    let (mut last, mut count) = (['\0'; 3], 0_usize);
    for letter in letters {
        (last, count) = ([last[1], last[2], letter], count + 1);
        if matches!(last, ['p', 'a', 's'] | ['p', 'w', 'd']) {
            return true;
        }
    }
    count == 2 && last[1..] == ['p', 'w']
}

/// Whether it is markup or a multipart body, where a value may stand anywhere after its name.
fn has_parts(bytes: &[u8]) -> bool {
    const PART: &[u8] = b"content-disposition:";
    let start = bytes.trim_ascii_start();
    start.starts_with(b"--")
        || start.starts_with(b"<")
        || bytes.windows(PART.len()).any(|part| part.eq_ignore_ascii_case(PART))
}

/// Whether a password's name is among its words, and not just in a demo user's password.
fn names_a_secret(bytes: &[u8]) -> bool {
    let text = plain(&masked(bytes, Spans::new()));
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').any(is_secret)
}

/// Whether it is no mere name or word, but may have a whole form or object in it.
fn holds_more(text: &str) -> bool {
    !(text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. ".contains(&byte)))
}

/// The passwords in JSON, also where it is broken: then what may belong to a password goes up to the end.
fn json(bytes: &[u8], to_login: bool) -> Spans {
    let (mut spans, mut at) = (Spans::new(), 0);
    while at < bytes.len() {
        if b" \t\r\n{}[],:".contains(&bytes[at]) {
            at += 1;
            continue;
        }
        let (word, end) = word(bytes, at);
        let is_string = bytes[at] == b'"';
        at = end;
        let text = plain(&bytes[word.clone()]);
        if !is_secret(&text) {
            if to_login && !is_string && !is_json(&bytes[word.clone()]) {
                spans.push(word);
            }
            continue;
        }
        let next = after(bytes, end, b" \t\r\n");
        let names_a_value = bytes.get(next).is_some_and(|byte| !b",}]".contains(byte));
        if holds_more(&text) && (to_login || names_a_value || next == bytes.len()) {
            spans.push(word);
        }
        if names_a_value {
            let (value, end) = value(bytes, after(bytes, next, b" \t\r\n:="));
            spans.push(value);
            at = end;
        }
    }
    if to_login {
        let end = balanced(bytes, until(bytes, 0, b"{"));
        spans.push(after(bytes, end, b" \t\r\n")..bytes.len());
    }
    spans
}

/// The string or bare word that begins here, without its quotes, and where it ends.
fn word(bytes: &[u8], at: usize) -> (Range<usize>, usize) {
    if bytes[at] != b'"' {
        let end = until(bytes, at, b" \t\r\n{}[],:\"").max(at + 1);
        return (at..end, end);
    }
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let end = end.min(bytes.len());
    (at + 1..end, (end + 1).min(bytes.len()))
}

/// The value that begins here, without its quotes, and where it ends; all that is left where that is not clear.
fn value(bytes: &[u8], at: usize) -> (Range<usize>, usize) {
    let Some(first) = bytes.get(at) else { return (at..at, at) };
    let (shown, end) = match first {
        b'{' | b'[' => {
            let end = balanced(bytes, at);
            (at..end, end)
        }
        b'"' => word(bytes, at),
        _ => {
            let end = until(bytes, at, b",}]");
            let end = if is_json(&bytes[at..end]) { end } else { bytes.len() };
            (at..end, end)
        }
    };
    match bytes.get(after(bytes, end, b" \t\r\n")) {
        None | Some(b',' | b'}' | b']') => (shown, end),
        Some(_) => (shown.start..bytes.len(), bytes.len()),
    }
}

/// Whether it can be read as JSON; without brackets and quotes that is a number, `true`, `false` or `null`. Whoever reads
/// nothing of a string (`IgnoredAny`) does not see that it is none.
fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(bytes).is_ok()
}

/// Where the object or list ends that begins here.
fn balanced(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at = if bytes[at] == b'"' { word(bytes, at).1 } else { at + 1 };
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// The passwords among the fields of a form, or of lines of text. A `;` may begin a field as well, and is part of a
/// password, or of its name.
fn form(bytes: &[u8], mut at: usize, to_login: bool) -> Spans {
    let (mut spans, mut name_at) = (Spans::new(), at);
    while at < bytes.len() {
        let end = until(bytes, at, b"&;\r\n");
        let value = (until(&bytes[..end], at, b"=") + 1).min(end);
        let has_name = bytes[at..end].contains(&b'=');
        // Only where there is one, so that no byte is looked at again and again.
        if has_name && is_secret(&plain(&bytes[name_at..value])) {
            let end = end_of_value(bytes, value);
            spans.push(value..end);
            (at, name_at) = (end + 1, end + 1);
            continue;
        }
        let says_more = |said: &str| is_secret(said) && holds_more(said);
        if to_login && !has_name {
            spans.push(at..end);
        } else if to_login && says_more(&plain(&bytes[value..end])) {
            spans.push(value..end);
        }
        at = end + 1;
        if has_name || bytes.get(end) != Some(&b';') {
            name_at = at;
        }
    }
    spans
}

/// Where a form's password ends that begins here. Lines without a name may be the rest of it.
fn end_of_value(bytes: &[u8], at: usize) -> usize {
    let mut end = until(bytes, at, b"&\r\n");
    let mut line = end;
    while bytes.get(line).is_some_and(|byte| *byte != b'&') {
        let next = until(bytes, line + 1, b"&\r\n");
        let text = &bytes[line + 1..next];
        if text[..until(text, 0, b";")].contains(&b'=') {
            break;
        }
        line = next;
        end = if text.is_empty() { end } else { next };
    }
    end
}

/// The first place from here on at which one of these bytes stands.
fn until(bytes: &[u8], at: usize, ends: &[u8]) -> usize {
    bytes[at..].iter().position(|byte| ends.contains(byte)).map_or(bytes.len(), |length| at + length)
}

/// The first place from here on at which none of these bytes stands.
fn after(bytes: &[u8], at: usize, skipped: &[u8]) -> usize {
    bytes[at..].iter().position(|byte| !skipped.contains(byte)).map_or(bytes.len(), |length| at + length)
}

/// Without the escapes of JSON and of forms, as far as letters are hidden in them.
fn plain(bytes: &[u8]) -> String {
    let (mut text, mut at) = (String::new(), 0);
    while at < bytes.len() {
        let (letter, next) = letter(bytes, at);
        text.push(if letter.is_ascii() { char::from(letter) } else { '·' });
        at = next;
    }
    text
}

/// The byte that stands here or is escaped here, and where the next one begins.
fn letter(bytes: &[u8], at: usize) -> (u8, usize) {
    let hex = |from: usize, to: usize| {
        let digits = bytes.get(from..to).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        let digits = std::str::from_utf8(digits).ok()?;
        u16::from_str_radix(digits, 16).ok().map(|code| u8::try_from(code).unwrap_or(u8::MAX))
    };
    match (bytes[at], bytes.get(at + 1)) {
        (b'%', _) => hex(at + 1, at + 3).map_or((b'%', at + 1), |byte| (byte, at + 3)),
        (b'\\', Some(b'u')) => hex(at + 2, at + 6).map_or((b'u', at + 2), |byte| (byte, at + 6)),
        (b'\\', Some(escaped)) => (*escaped, at + 2),
        (byte, _) => (byte, at + 1),
    }
}

/// The demo users' passwords, wherever they stand and however they are escaped.
fn demo_passwords(bytes: &[u8]) -> Spans {
    let passwords = DEMO_USERS.map(|(name, _)| demo_password(name));
    let ends = |start: usize, password: &str| {
        password.bytes().try_fold(start, |at, expected| {
            let (found, next) = (at < bytes.len()).then(|| letter(bytes, at))?;
            (found == expected).then_some(next)
        })
    };
    (0..bytes.len())
        .filter_map(|start| passwords.iter().find_map(|password| ends(start, password)).map(|end| start..end))
        .collect()
}

/// The text with a mask in place of these parts of it, and of the demo users' passwords.
fn masked(bytes: &[u8], mut spans: Spans) -> Vec<u8> {
    spans.extend(demo_passwords(bytes));
    spans.sort_by_key(|span| span.start);
    let (mut shown, mut at) = (Vec::with_capacity(bytes.len()), 0);
    for span in spans.into_iter().filter(|span| !span.is_empty()) {
        if span.start >= at {
            shown.extend_from_slice(&bytes[at..span.start]);
            shown.extend_from_slice(MASK.as_bytes());
        }
        at = at.max(span.end);
    }
    shown.extend_from_slice(&bytes[at..]);
    shown
}

/// What was text is text with masks in it, too: they begin and end at ASCII.
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests;
