//! What is masked, and that nothing else is touched.

use super::*;
use proptest::prelude::*;

const SECRET: &str = "hunter2";

fn shown(text: &str, to_login: bool) -> String {
    text_of(body(text.as_bytes(), to_login))
}

#[test]
fn a_password_s_value_alone_is_masked_and_the_rest_is_as_it_came() {
    let table = [
        (r#"{"username":"alice","password":"hunter2"}"#, r#"{"username":"alice","password":"•••"}"#),
        (r#"{ "password" :	"hun\"ter2" , "x":1e2}"#, r#"{ "password" :	"•••" , "x":1e2}"#),
        (r#"{"a":{"b":[{"Pass-Word":"hunter2","c":1.50}]}}"#, r#"{"a":{"b":[{"Pass-Word":"•••","c":1.50}]}}"#),
        (r#"{"password":"hunter2","password":"hunter2"}"#, r#"{"password":"•••","password":"•••"}"#),
        (r#"{"p\u0061ssword":"hunter2"}"#, r#"{"p\u0061ssword":"•••"}"#),
        (r#"{"password":123456,"pwd":["hunter2",{"a":"}"}],"pw":null}"#, r#"{"password":•••,"pwd":•••,"pw":•••}"#),
        (r#"{"password":"hunter2"#, r#"{"password":"•••"#),
        (r#"{"password":"hunter2","item":"pen"#, r#"{"password":"•••","item":"pen"#),
        ("username=alice&password=hunter2&x=%26", "username=alice&password=•••&x=%26"),
        ("p%61ss%57ord=hunter2;hunter2&PWD=hunter2&pw=hunter2", "p%61ss%57ord=•••&PWD=•••&pw=•••"),
        ("p%+assword=hunter2", "p%+assword=•••"),
        ("pw=a\nhunter2;x=1", "pw=•••"),
        (r#"{"a":"content-disposition:","p w":"hunter2"}"#, r#"{"a":"content-disposition:","p w":"•••"}"#),
    ];
    for (came, recorded) in table {
        for to_login in [true, false] {
            assert_eq!(shown(came, to_login), recorded);
        }
    }
}

#[test]
fn what_has_no_password_in_it_stays_byte_for_byte() {
    let bodies: [&[u8]; 14] = [
        br#"{"item":"pen","item":"mug"}"#,
        br#"{"advance":1e2}"#,
        br#"  {"item" : "passport" ,"n":-0.0}  "#,
        b"item=a%26b+c%20d&item=",
        br#"["a",{"b":[]}]"#,
        br#""pen""#,
        b"pen",
        b"\xff\xfe{\"item\":\"\xff\"}",
        br#"{"item":"pen"#,
        b"{{{]]]",
        br#"{"item":"\"#,
        b"&&;;==&",
        r#"{"item":"연필"}"#.as_bytes(),
        br#"{"refresh_token":"a~b"}"#,
    ];
    for bytes in bodies {
        assert_eq!(body(bytes, false), bytes, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_password_in_a_multipart_body_in_lines_of_text_or_in_markup_is_masked_on_any_route() {
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name={name}\r\n\r\nhunter2\r\n--x--\r\n");
    let whole = [
        part("\"password\""),
        part("p%61ss"),
        format!("preamble [\r\n{}", part("pw")),
        "<password>hunter2</password>".to_owned(),
        "<a>[\"pwd\"]</a><b>hunter2</b>".to_owned(),
        "x=<pass>hunter2</pass>".to_owned(),
    ];
    for came in whole {
        for to_login in [true, false] {
            assert_eq!(shown(&came, to_login), MASK, "{came}");
        }
    }
    for (came, recorded) in [
        ("username=bob\r\npassword=hunter2\r\nx=1\r\n", "username=bob\r\npassword=•••\r\nx=1\r\n"),
        ("password=hunter2;hunter2\nx=1", "password=•••\nx=1"),
        ("pw=a\r\nhunter2\n\nhunter2&x=1", "pw=•••&x=1"),
        ("x=1\npw=a\nhunter2\n\nx=1\ny=2", "x=1\npw=•••\n\nx=1\ny=2"),
    ] {
        assert_eq!((shown(came, true), shown(came, false)), (recorded.to_owned(), recorded.to_owned()));
    }
    for text in [part("\"item\""), "<item>pen</item>".to_owned(), "a=1\r\n\r\nb=2\n".to_owned()] {
        assert_eq!(shown(&text, false), text);
    }
}

#[test]
fn the_value_of_a_cookie_that_is_named_as_a_password_is_masked() {
    let cookie = |value: &str| header(&header::COOKIE, value);
    assert_eq!(cookie("a=b; password=hunter2; sid=x=y"), "a=b; password=•••; sid=x=y");
    assert_eq!(cookie("Pass-Word=a=hunter2"), "Pass-Word=•••");
    for value in ["a=b;; sid=\"x\" ; c", "sid=password", ""] {
        assert_eq!(cookie(value), value);
    }
}

#[test]
fn what_comes_to_the_login_and_is_neither_an_object_nor_a_form_has_all_its_text_masked() {
    for text in [r#"["hunter2"]"#, r#""hunter2""#, "hunter2", r#"[{"username":"hunter2"}]"#, "alice hunter2"] {
        assert_eq!(shown(text, true), MASK, "{text}");
    }
}

#[test]
fn no_way_of_breaking_a_login_lets_the_password_through() {
    let bodies: [&[u8]; 20] = [
        br#"{"username":"alice","password":"hunter2"}"#,
        br#"{"username":"alice"} "hunter2""#,
        br#"{"{\"password\":\"hunter2\"}":1}"#,
        br#"{"username":"{\"password\":\"hunter2\"}"}"#,
        br#"{"username":"alice","password":"hunter2""#,
        br#"{"username":"alice","Password":"hunter2"}"#,
        br#"{"username":"alice","pasword":"hunter2"}"#,
        br#"{"username":"alice","pw":"hunter2"}"#,
        br#"{"cookie":{"password":"hunter2"}}"#,
        br#"{"password":{"a":["hunter2"]}}"#,
        br#"{"password":"a"hunter2"}"#,
        br#"{"password":a,hunter2}"#,
        br"{'password':'a, hunter2'}",
        br#"{"password" "hunter2"}"#,
        br"{hunter2} hunter2",
        b"\xef\xbb\xbf{\"password\":\"hunter2\"}",
        b"username=alice&password=hunter2&x=\xff",
        b"username=alice&pa%73sword=hunter2&pw=hunter2",
        b"json={\"password\":\"hunter2\"}",
        b"--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--x--",
    ];
    for bytes in bodies {
        let shown = String::from_utf8_lossy(&body(bytes, true)).into_owned();
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn a_form_that_begins_as_an_object_does_is_masked_as_both() {
    for (came, recorded) in [
        ("{&password=hunter2,x", "{&password=•••"),
        ("{&x=1&password=a,hunter2&y=2", "{&x=1&password=•••&y=2"),
        (r#"["a=1&pw=hunter2"#, r#"["a=1&pw=•••"#),
        (r#"{"a":"pas\ud800=hunter2&x"}"#, r#"{"a":"pas\ud800=•••&x"}"#),
    ] {
        assert_eq!(shown(came, false), recorded);
        assert!(!shown(came, true).contains(SECRET));
    }
}

#[test]
fn a_demo_user_s_password_is_masked_wherever_it_stands_and_however_it_is_escaped() {
    for text in ["alice-password", "%61lice%2Dpassword", r"carol\u002dpass\u0077ord", r"bob\-password"] {
        for (came, recorded) in
            [(format!("<{text}>"), "<•••>"), (format!(r#"{{"item":"x{text}"}}"#), r#"{"item":"x•••"}"#)]
        {
            assert_eq!(shown(&came, false), recorded);
            assert_eq!(path(&format!("/lab/x/{came}?a={came}")), format!("/lab/x/{recorded}?a={recorded}"));
            assert_eq!(header(&HeaderName::from_static("x-a"), &came), recorded);
        }
    }
}

#[test]
fn queries_and_basic_credentials_are_masked_too() {
    assert_eq!(path("/lab/x?scheme=a&password=hunter2"), "/lab/x?scheme=a&password=•••");
    assert_eq!(path("/lab/x?p%61ssword=hunter2&%70w=hunter2&a=%26"), "/lab/x?p%61ssword=•••&%70w=•••&a=%26");
    assert_eq!(path("/lab/x?a=1;pass;word=hunter2;b&a=passport;b=1"), "/lab/x?a=1;pass;word=•••&a=passport;b=1");
    assert_eq!(path("/lab/x?"), "/lab/x?");
    assert_eq!(header(&header::REFERER, "http://x/?pwd=hunter2"), "http://x/?pwd=•••");
    assert_eq!(header(&header::AUTHORIZATION, "Basic YTpi"), "Basic •••");
    assert_eq!(header(&header::AUTHORIZATION, "Bearer abc"), "Bearer abc");
    for odd in ["hunter2", "Basic\thunter2 x", "hunter2: x", "\u{fffd}hunter2 x", "alice-password x"] {
        assert_eq!(header(&header::AUTHORIZATION, odd), " •••", "{odd}");
    }
    assert_eq!(header(&HeaderName::from_static("x-password"), "hunter2"), "•••");
    assert_eq!(header(&header::COOKIE, "a=b; sid=\u{fffd}"), "a=b; sid=\u{fffd}");
}

/// A name of a password's field, in one of the ways in which a request may spell it.
fn spelt(name: &str, way: usize) -> String {
    let escape = |c: char, n: usize| match way {
        1 if n.is_multiple_of(2) => c.to_ascii_uppercase().to_string(),
        2 => format!("\\u{:04x}", u32::from(c)),
        3 => format!("%{:02X}", u32::from(c)),
        _ => c.to_string(),
    };
    name.chars().enumerate().map(|(n, c)| escape(c, n)).collect()
}

fn any_object() -> impl Strategy<Value = (String, String)> {
    let leaf = prop_oneof![
        "[a-z,:{}& =]{0,9}".prop_map(|text| (format!("\"{text}\""), format!("\"{text}\""))),
        "-?[1-9]{1,4}(\\.[0-9]{1,3})?(e[1-9])?".prop_map(|number| (number.clone(), number)),
        Just(("null".to_owned(), "null".to_owned())),
    ];
    let name = "[b-oq-z]{0,6}";
    let value = leaf.prop_recursive(4, 24, 4, move |inner| {
        let field =
            (name, inner.clone()).prop_map(|(name, (a, b))| (format!("\"{name}\":{a}"), format!("\"{name}\":{b}")));
        let secret =
            (prop::sample::select(vec!["password", "passwd", "pwd", "pw", "pass"]), 0..3usize, "[a-z,:{}& =']{0,9}")
                .prop_map(|(name, way, padding)| {
                    let name = spelt(name, way);
                    (format!("\"{name}\" : \"{padding}{SECRET}{padding}\""), format!("\"{name}\" : \"{MASK}\""))
                });
        let list = |(open, close): (&'static str, &'static str), parts: Vec<(String, String)>| {
            let (came, recorded): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            (format!("{open}{}{close}", came.join(" ,")), format!("{open}{}{close}", recorded.join(" ,")))
        };
        prop_oneof![
            prop::collection::vec(prop_oneof![2 => field, 1 => secret], 0..4)
                .prop_map(move |parts| list(("{", "}"), parts)),
            prop::collection::vec(inner, 0..4).prop_map(move |parts| list(("[", "]"), parts)),
        ]
    });
    value.prop_map(|(came, recorded)| (format!("{{\"a\":{came}}}"), format!("{{\"a\":{recorded}}}")))
}

proptest! {
    #[test]
    fn in_an_object_of_any_depth_just_the_passwords_values_are_masked((came, recorded) in any_object()) {
        prop_assert_eq!(shown(&came, false), recorded.clone());
        prop_assert_eq!(shown(&came, true), recorded);
    }

    #[test]
    fn wherever_an_object_breaks_off_no_password_is_shown((came, _) in any_object(), at in any::<prop::sample::Index>()) {
        let broken = &came[..at.index(came.len())];
        for to_login in [true, false] {
            prop_assert!(!shown(broken, to_login).contains(SECRET), "{}", broken);
        }
    }

    #[test]
    fn in_a_form_just_the_passwords_values_are_masked(
        fields in prop::collection::vec(("[b-oq-z]{1,6}", "[a-oq-z%+.0-4]{0,9}", 0..4usize, any::<bool>()), 1..6)
    ) {
        let (mut came, mut recorded) = (Vec::new(), Vec::new());
        for (name, value, way, is_secret) in fields {
            let name = if is_secret { spelt("password", way) } else { name };
            came.push(format!("{name}={value}{}", if is_secret { SECRET } else { "" }));
            recorded.push(format!("{name}={}", if is_secret { MASK } else { &value }));
        }
        prop_assert_eq!(shown(&came.join("&"), true), recorded.join("&"));
        let asked = format!("/x?{}", came.join("&"));
        prop_assert_eq!(path(&asked), format!("/x?{}", recorded.join("&")));
    }

    #[test]
    fn headers_that_are_not_copied_hold_nothing_to_mask(
        name in prop::sample::select(vec!["referer", "cookie", "authorization", "user-agent", "x-pass", "sec-ch-ua", "x-p-w"]),
        value in prop_oneof![
            "[ -~]{0,40}",
            "(Bearer|Basic|bearer) [ -~]{0,20}",
            "[a-z=; /?&]{0,20}(alice-password|bob%2dpassword|carol[ -~]password|pw=x|alice\\\\-password)[a-z=; ?&]{0,9}",
        ],
    ) {
        let name = HeaderName::from_static(name);
        let mut all = HeaderMap::new();
        all.append(header::ACCEPT, HeaderValue::from_static("*/*"));
        all.append(&name, HeaderValue::try_from(value.trim()).unwrap());
        all.append(&name, HeaderValue::from_static("second"));
        let each: Vec<_> = all.iter().map(|(name, value)| super::header(name, &String::from_utf8_lossy(value.as_bytes()))).collect();
        let masked = headers(&all);
        let shown: Vec<_> = masked.iter().map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        prop_assert_eq!(shown, each);
    }

    #[test]
    fn no_bytes_make_the_masking_panic_or_change_what_holds_no_password(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:&;=\\%u0 pas".to_vec())], 0..60)
    ) {
        for to_login in [true, false] {
            let _ = body(&bytes, to_login);
        }
        let letters: Vec<u8> = bytes.iter().copied().filter(|byte| !b"pPwW%\\".contains(byte)).collect();
        prop_assert_eq!(body(&letters, false), letters);
    }
}

#[test]
fn each_byte_is_looked_at_a_few_times_however_many_fields_there_are() {
    // Were it looked at once for each field before it, this would not come to its end.
    for field in [";", "&", "a;", "a&", "=;", "&\n"] {
        let many = field.repeat(1 << 20);
        assert_eq!(shown(&many, false), many);
    }
}
