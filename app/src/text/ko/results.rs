//! The results, in Korean.

use crate::text::{Results, T};
use domain::{
    lesson::{experiment::Axis, results::Advice},
    scheme::{Carrier, Credential},
};

pub(in crate::text) const RESULTS: Results = Results {
    seconds_left: |left| format!("{left}초 남음"),
    table: |axis| match axis {
        Axis::Carrier => "누가 붙이나요?",
        Axis::Credential => "누가 기억하나요?",
        Axis::Servers => "서버가 여러 대일 때",
        Axis::Http => "HTTP 자체",
    },
    question: "질문",
    carrier: |carrier| match carrier {
        Carrier::Cookie => "쿠키",
        Carrier::LocalStorage => "localStorage",
    },
    credential: |credential| match credential {
        Credential::SessionId => "세션 ID",
        Credential::Jwt => "JWT",
    },
    any: "로그인 방식과 상관없이",
    not_measured: "측정 안 함",
    folded: |n| format!("모두 같은 결과가 나온 {n}줄"),
    other_axis,
    other_axis_open: "다른 쪽 선택이 결과를 바꾸나요? 아직 두 가지 모두로 측정하지 않았어요.",
    advice_title: "결과가 권하는 것",
    advice,
    rests_on: "근거",
    no_advice: "아직 권할 것이 없어요. 근거가 될 칸을 측정하지 않았어요. 모두 실행을 눌러 보세요.",
    summary: ["언제", "브라우저", "설정", "측정"],
    settings: |scheme, differences, servers| format!("{scheme}; {differences}; {servers}"),
    measured: |measured, unlike| format!("비교 {measured}개 측정, 예측과 다른 것 {unlike}개"),
    report_title: "결과표",
    columns: ["질문", "방식", "설정", "예측", "측정", "예측과 같은가", "이유", "수치"],
};

fn other_axis(axis: Axis, same: usize, differ: &[T]) -> String {
    let other = if axis == Axis::Carrier { "세션 ID와 JWT" } else { "쿠키와 localStorage" };
    let rows = same + differ.len();
    if differ.is_empty() {
        format!("{other} 양쪽으로 측정했고, {rows}줄 가운데 {same}줄에서 답이 같았어요.")
    } else {
        format!(
            "{other} 양쪽으로 측정했고, {rows}줄 가운데 {same}줄에서 답이 같았어요. 답이 다른 줄: {}",
            differ.join(" ")
        )
    }
}

const fn advice(advice: Advice) -> T {
    match advice {
        Advice::HttpOnly => {
            "인증 정보는 HttpOnly 쿠키에 두세요. 스크립트가 localStorage에서는 읽어 갔지만 HttpOnly 쿠키에서는 읽지 못했어요. 그래도 남의 스크립트는 막아야 해요. 한번 실행되면 읽지 못해도 나처럼 행동해요."
        }
        Advice::SameSite => {
            "쿠키에 SameSite=Lax나 Strict를 붙이세요. 없을 때는 다른 사이트의 폼이 나인 것처럼 전송됐고, Lax일 때는 그러지 못했어요."
        }
        Advice::SessionToEnd => {
            "로그아웃이나 권한 회수가 바로 적용되어야 한다면 세션 ID를 쓰세요. JWT는 둘 다 한 뒤에도 계속 통했어요."
        }
        Advice::JwtToSave => {
            "서버가 저장소에 묻지 않아야 한다면 JWT를 쓰세요. 조회가 한 번도 없었어요. 대신 적게 담으세요. 장바구니와 함께 커지고 요청마다 실려 가요."
        }
        Advice::StoreApart => {
            "서버가 여러 대라면 세션을 따로 둔 저장소에 두세요. 모든 서버가 나를 알아봤고, 서버가 멈춰도 로그인이 사라지지 않았어요. 스티키 세션에서는 서버와 함께 사라졌어요."
        }
    }
}
