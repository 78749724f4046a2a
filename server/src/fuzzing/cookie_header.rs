use super::{lines, read_cookies, text_of};
use crate::{
    auth::presented,
    gate::{balancer::take_affinity, visit::Brought},
};
use domain::{
    cookie::SetCookie,
    scheme::{Carrier, Credential},
    view::Arrived,
};
use http::header;

const CREDENTIALS: [&str; 4] = ["sid", "__Host-sid", "token", "__Host-token"];

/// Lines as `Cookie` headers. Every pair is read once, in order, and as it stands there; just those with a credential's name
/// are credentials; and the balancer takes its own out and leaves the others as they are.
///
/// # Panics
/// Where that does not hold.
pub fn cookie_header(data: &[u8]) {
    let headers = lines(&header::COOKIE, data);
    let texts: Vec<String> = headers.values().map(text_of).collect();
    let came = presented::cookies(&headers);

    let parts = texts.iter().flat_map(|text| text.split(';')).map(|part| part.trim_matches([' ', '\t']));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    assert_eq!(came.len(), parts.len(), "{came:?}");
    for (Arrived { name, value }, part) in came.iter().zip(&parts) {
        assert!(part.starts_with(name.as_str()) && part.ends_with(value.as_str()), "{name} = {value} of {part}");
        let between = &part[name.len()..part.len() - value.len()];
        assert!(
            between.trim_matches([' ', '\t']) == if part.contains('=') { "=" } else { "" },
            "{between:?} in {part}"
        );
        assert!(!name.contains('=') && [name, value].iter().all(|text| text.trim_matches([' ', '\t']) == **text));
    }
    let anew: Vec<_> = came.iter().map(|Arrived { name, value }| format!("{name}={value}")).collect();
    assert_eq!(read_cookies(&anew.join("; ")), came);
    for text in &texts {
        let first = text.split(';').next().map(read_cookies).and_then(|first| first.into_iter().next());
        let named = first.filter(|cookie| !cookie.name.is_empty()).map(|cookie| (cookie.name, cookie.value));
        let set = SetCookie::parse(text).map(|set| (set.name.to_owned(), set.value.to_owned()));
        assert_eq!(set, named, "set and sent are read alike");
    }

    let brought = Brought::read(&headers);
    let credentials = came.iter().filter(|cookie| CREDENTIALS.contains(&cookie.name.as_str()));
    let credentials: Vec<_> = credentials.map(|cookie| (cookie.name.as_str(), cookie.value.as_str())).collect();
    let taken = brought.credentials.iter().map(|one| (one.cookie.as_deref().unwrap_or("none"), one.value.as_str()));
    assert_eq!(taken.collect::<Vec<_>>(), credentials);
    for one in &brought.credentials {
        let is_token = one.cookie.as_ref().is_some_and(|name| name.ends_with("token"));
        assert_eq!((one.scheme.credential == Credential::Jwt, one.scheme.carrier), (is_token, Carrier::Cookie));
    }
    let refresh = came.iter().filter(|cookie| cookie.name == "refresh").count();
    assert_eq!(brought.count(), credentials.len() + refresh);

    let mut passed_on = headers.clone();
    let node = take_affinity(&mut passed_on);
    let (ours, others): (Vec<_>, Vec<_>) = came.into_iter().partition(|cookie| cookie.name == "lb");
    assert_eq!(node, ours.iter().find_map(|cookie| (0..=u8::MAX).find(|node| node.to_string() == cookie.value)));
    assert_eq!(presented::cookies(&passed_on), others);
    if ours.is_empty() {
        assert_eq!(passed_on, headers, "byte for byte");
    }
}
