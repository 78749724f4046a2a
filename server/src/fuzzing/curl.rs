use super::{DEMO_USERS, demo_password};
use crate::gate::exchange::write_down;
use domain::exchange::{Exchange, Header, Request, Response, Sender};
use http::{HeaderName, HeaderValue, Method, Uri};

const ORIGIN: &str = "http://localhost:3000";
const MASK: &str = "•••";

/// A request, as it is recorded, and the status that it was answered with.
fn recorded(data: &[u8]) -> Option<(Request, u16)> {
    let end = data.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((data, &b""[..]), |end| (&data[..end], &data[end + 2..]));
    let mut lines = head.split(|byte| *byte == b'\n').take(100);
    let mut first = lines.next()?.splitn(3, |byte| *byte == b' ');
    let mut request = http::Request::new(());
    *request.method_mut() = Method::from_bytes(first.next()?).ok()?;
    *request.uri_mut() = Uri::try_from(first.next()?).ok().filter(|uri| uri.path().starts_with('/'))?;
    let status = std::str::from_utf8(first.next()?).ok()?.parse().ok()?;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line.get(colon + 1..).unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            request.headers_mut().append(name, value);
        }
    }
    Some((write_down(&request.into_parts().0, body, Sender::Page)?.request()?, status))
}

/// A request: a line with method, path and the answer's status, lines of headers, an empty line, a body. What *Copy as curl*
/// writes of it is, split as a POSIX shell does it, the same request again; nothing in it is the shell's, and curl adds nothing
/// and leaves nothing out.
///
/// # Panics
/// Where that does not hold.
pub fn curl(data: &[u8]) {
    let Some((request, status)) = recorded(data) else { return };
    let response = Response { status, headers: Vec::new(), body: None };
    let exchange =
        Exchange { id: 1, at: 0, from: Sender::Page, node: Some(1), request: request.clone(), response, steps: vec![] };
    let command = domain::lesson::curl::curl(&exchange, ORIGIN);
    let pipes = usize::from(command.starts_with("printf "));
    assert!(is_left_alone(&outside_of_quotes(&command), pipes), "{command}");
    let words = shlex::split(&command).unwrap_or_default();
    let sent = Sent::by(&words);
    let mut expected = vec![Sent::of(&request)];
    if status < 400 && request.route() == "api/login" {
        let of_user = |(name, _): &(&str, _)| Sent::of(&request).with_password(&demo_password(name));
        expected.extend(DEMO_USERS.iter().map(of_user));
    }
    assert!(expected.contains(&sent), "{command}\nsends {sent:?}\nfor {request:?}");
}

/// What a shell may take for something of its own. The command quotes with `'`, and takes a quote itself as `\'`.
fn outside_of_quotes(command: &str) -> String {
    let (mut outside, mut is_quoted, mut is_escaped) = (String::new(), false, false);
    for c in command.chars() {
        match c {
            '\'' if is_escaped => is_escaped = false,
            '\'' => is_quoted = !is_quoted,
            '\\' if !is_quoted && !is_escaped => is_escaped = true,
            _ if is_quoted => {}
            _ => {
                assert!(!is_escaped, "{command}");
                outside.push(c);
            }
        }
    }
    outside
}

/// Nothing but words of harmless characters, and the one pipe if there is one.
fn is_left_alone(outside: &str, pipes: usize) -> bool {
    outside.matches('|').count() == pipes
        && outside.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@ |".contains(c))
}

/// A request as it goes over the line; of its headers those that are not the connection's, sorted.
#[derive(Debug, PartialEq, Eq)]
struct Sent {
    method: String,
    path: String,
    headers: Vec<Header>,
    body: Vec<u8>,
}

impl Sent {
    fn new(method: &str, path: &str, headers: Vec<Header>, body: Vec<u8>) -> Self {
        let connections = "host content-length connection keep-alive proxy-connection transfer-encoding te trailer \
                           upgrade http2-settings expect accept-encoding …";
        let is_kept = |(name, _): &Header| !connections.split(' ').any(|own| own == name);
        let mut headers: Vec<_> = headers.into_iter().filter(is_kept).collect();
        headers.sort();
        Self { method: method.to_owned(), path: path.to_owned(), headers, body }
    }

    /// What was recorded.
    fn of(request: &Request) -> Self {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let decoded = request.body_base64.as_ref().and_then(|text| STANDARD.decode(text).ok());
        let body = request.body.clone().map(String::into_bytes).or(decoded).unwrap_or_default();
        Self::new(&request.method, &request.path, request.headers.clone(), body)
    }

    fn with_password(self, password: &str) -> Self {
        let body = match String::from_utf8(self.body) {
            Ok(text) => text.replace(MASK, password).into_bytes(),
            Err(bytes) => bytes.into_bytes(),
        };
        Self { path: self.path.replace(MASK, password), body, ..self }
    }

    /// What curl makes of its arguments.
    fn by(words: &[String]) -> Self {
        let mut piped = Vec::new();
        let words = match words {
            [printf, text, pipe, rest @ ..] if printf == "printf" && pipe == "|" => {
                piped = written(text);
                rest
            }
            words => words,
        };
        assert_eq!(words.first().map(String::as_str), Some("curl"), "{words:?}");
        let mut words = words.iter().skip(1).map(String::as_str);
        let (mut method, mut url, mut headers, mut body) = (None, None, Vec::new(), None);
        let mut flags = Vec::new();
        while let Some(word) = words.next() {
            match word {
                "-X" => method = words.next(),
                "-H" => headers.extend(words.next()),
                "--data-raw" => body = words.next().map(|text| text.as_bytes().to_vec()),
                "--data-binary" => {
                    assert_eq!(words.next(), Some("@-"));
                    body = Some(std::mem::take(&mut piped));
                }
                "-i" | "--globoff" | "--path-as-is" | "--head" | "--ignore-content-length" => flags.push(word),
                _ => assert!(url.replace(word).is_none(), "{word}"),
            }
        }
        let path = url.and_then(|url| url.strip_prefix(ORIGIN)).unwrap_or_default();
        assert!(flags.contains(&"--globoff") || !path.contains(['[', ']', '{', '}']), "curl would expand {path}");
        assert!(flags.contains(&"--path-as-is") || !has_dots(path), "curl would shorten {path}");
        let is_head = flags.contains(&"--head");
        assert!(!is_head || (body.is_none() && method.is_none()), "curl would not have it");
        assert!(is_head || method != Some("HEAD") || flags.contains(&"--ignore-content-length"), "curl would wait");
        let usual = if is_head { "HEAD" } else { ["GET", "POST"][usize::from(body.is_some())] };
        let headers = with_curls_own(&headers, body.is_some());
        Self::new(method.unwrap_or(usual), path, headers, body.unwrap_or_default())
    }
}

/// Whether there are segments in the path that curl takes out.
fn has_dots(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    path.split('/').any(|segment| segment == "." || segment == "..")
}

/// The headers that these arguments say, and those that curl adds where they say nothing.
fn with_curls_own(said: &[&str], has_body: bool) -> Vec<Header> {
    let (mut all, mut named) = (Vec::new(), Vec::new());
    for said in said {
        let (name, value) = said.split_once(':').unwrap_or((said.strip_suffix(';').unwrap_or("@"), ";"));
        named.push(name.to_owned());
        // Blanks, and no other space of Unicode.
        match value.trim_ascii_start() {
            "" => {}
            ";" if !said.contains(':') => all.push((name.to_owned(), String::new())),
            value => all.push((name.to_owned(), value.to_owned())),
        }
    }
    for added in ["user-agent", "accept", "content-type"].into_iter().take(if has_body { 3 } else { 2 }) {
        if !named.iter().any(|name| name == added) {
            all.push((added.to_owned(), "curl's own".to_owned()));
        }
    }
    all
}

/// What POSIX's `printf` writes of a format without conversions, in which every escape is three octal digits.
fn written(format: &str) -> Vec<u8> {
    let (mut all, mut rest) = (Vec::new(), format.as_bytes());
    while let [byte, others @ ..] = rest {
        rest = others;
        let code = rest.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        if let (b'\\', Some(code)) = (byte, code.and_then(|digits| u8::from_str_radix(digits, 8).ok())) {
            all.push(code);
            rest = &rest[3..];
        } else {
            assert!(byte.is_ascii_alphabetic(), "{format}");
            all.push(*byte);
        }
    }
    all
}
