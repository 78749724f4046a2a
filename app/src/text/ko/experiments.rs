//! The experiments and what stands around them, in Korean.

use crate::text::{Abouts, Attacker, Experiments, T, Verdict};
use domain::{
    attack::FoundIn,
    lesson::{
        experiment::{ASKED, Finding, READS, Repeated, What},
        measured::{Failure, Figure},
        tally::Ending,
    },
};

mod abouts;
mod reasons;
mod whats;

pub(in crate::text) const EXPERIMENTS: Experiments = Experiments {
    guestbook: "방명록",
    about: Abouts { title: abouts::title, rule: abouts::rule },
    what: whats::what,
    finding,
    because: reasons::because,
    difference: whats::difference,
    figure,
    failure,
    not_run: "실행 안 함",
    failed: "측정하지 못함",
    nothing_predicted: "예측 없음: 재 봐야만 알 수 있음",
    as_predicted: "예측대로",
    not_as_predicted: "예측과 다름",
    measured_only: "측정만 함",
    good: "나에게 좋음",
    bad: "나에게 나쁨",
    asked: "물은 곳",
    read: "키 없이 읽은 것",
    trials: "모든 비교",
    columns: ["질문", "예측", "측정", "이유", "수치"],
    usual: "기본 설정",
    measured_with: |scheme| format!("측정한 방식: {}", (super::TEXT.scheme)(scheme)),
    running: "실행 중",
    waiting: |seconds| format!("기다리는 중, {seconds}초 남음. 멈춰도 측정한 것은 남아요"),
    stop: "멈추기",
    stopping: "이 단계까지만 하고 멈춰요 …",
};

fn finding(what: What, finding: &Finding) -> String {
    match finding {
        Finding::Yes => "예".to_owned(),
        Finding::No => "아니요".to_owned(),
        Finding::Count(n) => count(what, *n),
        Finding::Micros(micros) => format!("{micros} µs"),
        Finding::Probes(which) => format!("192개 중 {}개", which.len()),
    }
}

fn count(what: What, n: u64) -> String {
    match what {
        What::KnownRequests => format!("요청 {READS}건 중 {n}건"),
        What::LookUps | What::DenylistChecks => format!("요청 10건에 {n}번"),
        What::StoreOperations => format!("요청 {READS}건에 {n}번"),
        What::CatalogRequests | What::MeRequests => format!("요청 2건 중 {n}건"),
        What::NodesAnswering => format!("서버 3대 중 {n}대"),
        What::Done(Repeated::Get) => format!("변경 {n}건"),
        What::Done(_) => format!("{n}번"),
        What::Messages => format!("메시지 {n}개"),
        What::RefreshRows => format!("{n}행"),
        What::CrowdUnlikeTheory if n == 0 => "없음".to_owned(),
        What::DenylistEntries | What::CrowdUnlikeTheory => format!("{n}개"),
        _ => n.to_string(),
    }
}

fn figure(figure: Figure) -> String {
    let words = match figure {
        Figure::Status => "상태 코드",
        Figure::CameAlong => "함께 온 인증 정보",
        Figure::StatusWith => "인증 정보와 함께 물으면",
        Figure::StatusWithout => "빼고 물으면",
        Figure::StatusAgain => "다시 붙여 물으면",
        Figure::StatusGenuine => "진짜일 때 상태 코드",
        Figure::BytesEmpty => "빈 장바구니일 때 바이트",
        Figure::BytesFull => "30개를 담았을 때 바이트",
        Figure::Items => "장바구니 항목",
        Figure::LargestKept => "보관된 가장 큰 쿠키(바이트)",
        Figure::Dropped => "버려진 쿠키(바이트)",
        Figure::SecondsLeft => "자동으로 무효가 될 때까지(초)",
        Figure::BytesTaken => "가져간 바이트",
        Figure::SentAgainByBrowser => "브라우저가 스스로 다시 보낸 횟수",
        Figure::Found => "거기서 찾은 것",
        Figure::FoundAtHome => "이 페이지의 localStorage에서 찾은 것",
        Figure::Stopped => "멈춘 서버",
        Figure::KnownBefore => return format!("멈추기 전, 요청 {ASKED}건 중 나를 안 것"),
        Figure::KnownAfter => return format!("멈춘 뒤, 요청 {ASKED}건 중 나를 안 것"),
        Figure::Judged => "이론과 견준 수치",
        Figure::Rows => "세션 저장소의 행",
        Figure::Knew(node) => return format!("서버 {node}의 응답 (나를 앎)"),
        Figure::DidNotKnow(node) => return format!("서버 {node}의 응답 (나를 모름)"),
    };
    words.to_owned()
}

pub(super) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => "서버에서 답이 오지 않았어요. 서버가 켜져 있는지 확인하고 다시 실행하세요.".to_owned(),
        Failure::OtherTab => "이 실험실을 연 다른 탭이 지금 측정하거나 해 보는 중이에요. 끝날 때까지 기다리세요.".to_owned(),
        Failure::NotLoaded => "측정하는 코드를 받아 오지 못했어요. 서버가 켜져 있는지 확인하거나 페이지를 새로 고침하세요.".to_owned(),
        Failure::NoWindow => {
            "브라우저가 공격자의 창을 열지 않았거나 창이 닫혔어요. 이 페이지의 팝업을 허용하고 다시 실행하세요.".to_owned()
        }
        Failure::NoAttacker => {
            "이 브라우저에서는 공격자의 오리진(origin)에 연결할 수 없어요. 서버가 있는 컴퓨터에서 이 페이지를 열거나, 이 브라우저가 연결할 수 있는 --attacker-addr로 Login Lab을 시작한 다음 다시 실행하세요."
                .to_owned()
        }
        Failure::NotHere => {
            "이 주소에서는 측정할 수 없어요. 여기에는 이 주소를 공격할 다른 사이트가 없거나, 이 호스트에 다른 포트가 없거든요. 서버가 있는 컴퓨터에서 http://localhost로 여세요."
                .to_owned()
        }
        Failure::Refused { status, detail } if detail.is_empty() => {
            format!("되어야 할 단계가 {status}로 거부됐어요. 어느 단계인지는 통신 기록에 있어요. 다시 실행하세요.")
        }
        Failure::Refused { status, detail } => {
            format!("되어야 할 단계가 {status}로 거부됐어요({}). 다시 실행하세요.", super::detail(detail))
        }
        Failure::RefusedOtherwise { why } => format!(
            "서버가 위조한 인증 정보를 거부했지만, 묻고 있는 이유가 아니라 다른 이유로 거부했어요({}). 그래서 위조에 대해서는 아무것도 알 수 없어요. 통신 기록을 보세요.",
            super::detail(why)
        ),
        Failure::NoSignatures => {
            "이 페이지를 다른 컴퓨터에서 http로 열어서 브라우저가 서명을 계산해 주지 않아요. https로 열거나, 서버가 있는 컴퓨터에서 http://localhost로 여세요."
                .to_owned()
        }
        Failure::NotHmac => {
            "이 위조는 HMAC 키로 서명하는데, 지금 토큰의 알고리즘은 HMAC이 아니에요. 더 보기에서 HS256을 골라 서명 키를 교체하고, 다시 로그인한 다음 해 보세요."
                .to_owned()
        }
        Failure::Disturbed => {
            "가상 방문자가 움직이는 동안 이 실험실에 다른 일이 있었거나 가상 방문자를 멈췄어요. 그래서 이론으로 모든 수를 예측할 수 없어요. 다른 탭에서도 실험실을 그대로 두고 다시 실행하세요."
                .to_owned()
        }
        Failure::TimedOut => "먼저 일어나야 할 일이 일어나지 않아서 측정하지 못했어요. 무슨 일이 있었는지는 통신 기록에 있어요. 다시 실행하세요.".to_owned(),
        Failure::Stopped => "직접 멈췄어요.".to_owned(),
    }
}

pub(super) fn ended(ending: &Ending) -> String {
    match ending {
        Ending::Stopped => "멈췄어요. 설정은 원래대로 돌려놓았고, 로그인해 있었다면 다시 로그인했어요. 실험실의 시계와 서명 키의 이름은 바뀌었을 수 있어요. 측정한 것은 남아 있어요.".to_owned(),
        Ending::NotBegun(why) => format!(
            "아무것도 실행하지 않았어요. 지금의 로그인을 확인할 수 없어서, 끝난 뒤에 다시 로그인해 드릴 수 없거든요. {} 로그아웃하거나 그것부터 해결해 주세요.",
            failure(why)
        ),
        Ending::NotPutBack(why) => format!(
            "실행이 끝났고 측정한 것은 남아 있지만, 모든 것을 전으로 되돌리지는 못했어요. {} 설정을 확인하거나 더 보기에서 실험실 초기화를 누르세요.",
            failure(why)
        ),
        Ending::One { experiment, what, finding: found, unlike, .. } => {
            let verdict = match unlike {
                None => "예측 없음",
                Some(false) => "예측대로",
                Some(true) => "예측과 다름",
            };
            format!("{} 측정 결과: {}, {verdict}.", abouts::title(*experiment), finding(*what, found))
        }
        Ending::Failed { experiment, failure: why } => format!("{} {}", abouts::title(*experiment), failure(why)),
        Ending::Many { measured, unlike, failed } => {
            let failed =
                if *failed == 0 { String::new() } else { format!(" {failed}개는 측정하지 못했어요.") };
            let unlike =
                if *unlike == 0 { "예측과 다른 것이 없어요".to_owned() } else { format!("{unlike}개가 예측과 달라요") };
            format!("비교 {measured}개를 측정했고, {unlike}.{failed}")
        }
    }
}

pub(in crate::text) const VERDICT: Verdict = Verdict {
    lede: "이 브라우저에서 이 서버를 상대로 측정한 결과예요. 칸마다 가장 중요한 비교의 결과가 있고, 설정에 따라 결과가 달라지면 그 경우도 함께 적혀 있어요. 칸을 누르면 비교 하나하나와 그때 오간 통신을 볼 수 있어요.",
    run_all: "모두 실행",
    run_all_how: "네 방식으로 모든 비교를 측정하고, 3~4분쯤 걸려요. 그중 2분은 그냥 기다리는 시간이에요. Chromium은 SameSite가 없는 쿠키를 2분 뒤부터 다르게 다루거든요. 끝나면 설정이 원래대로 돌아오고 다시 로그인해 둬요.",
    does_not_apply: "해당 없음",
    legend: "▲ 나에게 좋음, ▼ 나에게 나쁨, 표시 없음: 어느 쪽도 아님.",
    exchanges: |n| format!("오간 통신({n})"),
    export: "내보내기",
    markdown: "Markdown",
    csv: "CSV",
    json: "JSON",
    print: "인쇄",
    matrix: "쿠키 속성의 모든 조합",
    matrix_how: "쿠키 192개마다 한 줄, 비교마다 한 열이에요. 예측과 다른 칸에는 표시가 있어요. Path가 없는 쿠키는 설정한 디렉터리(/lab/…/api)에 속해요. 이 페이지의 스크립트는 그 안에 요청하고, 프레임은 그 밖에 있어요. 서드파티 쿠키를 막는 브라우저에서는 속성이 무엇이든 다른 사이트의 fetch와 프레임에 쿠키가 실리지 않아요.",
    cookie: "쿠키",
    matrix_differs: |measured, predicted| format!("{measured}, 예측은 {predicted}"),
    growth: "장바구니와 함께 커지는 것",
    growth_how: "방식마다 한 줄, 측정한 그대로예요.",
    request_bytes: "요청마다 실리는 인증 정보의 바이트",
    row_bytes: "서버가 저장하는 바이트",
    items: "항목",
    as_table: "표로 보기",
    yes: "예",
    no: "아니요",
};

pub(in crate::text) const ATTACKER: Attacker = Attacker {
    remark: |n| format!("훔친 것 {n}개"),
    how: "재전송하면 내 브라우저의 쿠키 없이 공격자의 컴퓨터에서 Bearer로 보내요. 세션 ID는 그 로그인이 끝나면 쓸모없지만(401), JWT는 거부 목록에 없으면(있으면 401) exp(토큰이 끝나는 시각)까지 통해요(200).",
    found_in,
    of: |scheme| format!("주인이 쓰는 방식: {}", (super::TEXT.scheme)(scheme)),
    replay: "재전송",
    replayed: |status| format!("마지막 재전송: {status}"),
    empty: "비우기",
};

fn found_in(found: FoundIn) -> T {
    match found {
        FoundIn::DocumentCookie => "스크립트가 document.cookie를 읽음",
        FoundIn::LocalStorage => "스크립트가 localStorage를 읽음",
        FoundIn::CookieHeader => "브라우저가 다른 포트로 보냄",
        FoundIn::Store => "복사한 세션 저장소의 키",
        FoundIn::Key => "복사한 서명 키로 위조함",
    }
}

pub(super) const LOOT_EMPTIED: T =
    "공격자에게 이제 아무것도 없어요. 이미 복사해 간 것은 서버가 받아 주는 동안 계속 쓸 수 있어요.";

pub(super) fn replayed(status: u16, user: Option<&str>) -> String {
    let said: fn(u16, Option<&str>) -> String = |status, user| match user {
        Some(user) => format!("{status}: 서버가 공격자를 {user} 님으로 알아봤어요."),
        None => format!("{status}: 공격자가 거부됐어요."),
    };
    said(status, user)
}
