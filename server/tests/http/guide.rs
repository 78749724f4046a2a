//! What the guide tells of each claim: apart from the page, but for who asks for it with the page.

use crate::callers::*;
use app::text::Lang;
use domain::lesson::claim::claims;

async fn told(lab: &Lab, lang: &str, headers: &[(&str, &str)]) -> Answer {
    lab.get(&format!("/guide/{lang}"), headers).await
}

#[tokio::test]
async fn each_claim_is_told_once_in_each_language() {
    let lab = Lab::new();
    let mut all = Vec::new();
    for lang in Lang::ALL {
        let answer = told(&lab, lang.tag(), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/html; charset=utf-8"));
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        for (_, claim) in claims() {
            let of = format!(r#"data-of="claim-{}""#, claim.id);
            assert_eq!(html.matches(&of).count(), 1, "{}", claim.id);
        }
        assert_eq!(html.matches("data-of=").count(), claims().count());
        all.push(html);
    }
    assert_ne!(all[0], all[1]);
}

#[tokio::test]
async fn who_has_it_is_sent_nothing_but_that_it_is_still_good() {
    let lab = Lab::new();
    let first = told(&lab, "en", &[]).await;
    let tag = first.header("etag").to_owned();
    assert_eq!(first.header("cache-control"), "no-cache");
    let again = told(&lab, "en", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag.as_str()));
    assert_eq!(told(&lab, "ko", &[("if-none-match", &tag)]).await.status, 200, "another text");
}

#[tokio::test]
async fn a_language_that_there_is_not_is_refused_with_those_that_there_are() {
    let lab = Lab::new();
    for lang in ["fr", "EN", "en-US", "%00", "%ff"] {
        let answer = told(&lab, lang, &[]).await;
        assert!(answer.status.is_client_error(), "{lang}: {}", answer.status);
    }
    assert!(told(&lab, "fr", &[]).await.problem(404).detail.contains("en and ko"));
}

#[tokio::test]
async fn the_page_tells_of_the_claims_only_where_its_address_asks_for_it() {
    let lab = Lab::new();
    let tells = async |query: &str| {
        let html = String::from_utf8(lab.get(query, &[]).await.body.to_vec()).unwrap();
        assert_eq!(html.matches(r#"name="claim""#).count(), claims().count(), "{query}");
        match html.matches("data-of=").count() {
            0 => false,
            all => {
                assert_eq!(all, claims().count(), "{query}");
                true
            }
        }
    };
    for query in ["", "?lang=ko", "?claims=no", "?results=1"] {
        assert!(!tells(query).await, "{query}");
    }
    for query in ["?claims=told", "?claim=http-only", "?claim=there-is-none", "?slides=1"] {
        assert!(tells(query).await, "{query}");
    }
}
