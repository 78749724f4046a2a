//! The guide's claims, in Korean.

use crate::text::claims::Told;

pub(in crate::text) const CLAIMS: [&[Told]; 7] = [COOKIE, &[], &[], &[], &[], &[], &[]];

const COOKIE: &[Told] = &[Told {
    id: "http-only",
    claim: "HttpOnly: 자바스크립트가 읽지 못해요.",
    glosses: &[("XSS", "남의 스크립트가 내 페이지에서 실행되는 공격")],
    look: "HttpOnly를 켜면 공격자가 아무것도 얻지 못하고, 끄면 네 번째 칸에 훔친 ID가 나타나요.",
    why: "브라우저는 이 쿠키를 저장하고 전송하지만 스크립트에는 보여 주지 않아요.",
    rows: &["HttpOnly", "HttpOnly 없이"],
}];
