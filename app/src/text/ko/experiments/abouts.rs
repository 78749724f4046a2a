//! What each experiment is, in Korean.

use crate::text::T;
use domain::lesson::experiment::Experiment;

pub(super) fn title(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => "악성 스크립트가 읽을 수 있을까?",
        Experiment::ScriptActs => "읽지 못해도 악성 스크립트가 행동할 수 있을까?",
        Experiment::OtherSite => "다른 사이트가 나인 척 행동할 수 있을까?",
        Experiment::Reload => "스크립트가 실행되기 전에 서버가 나를 알까?",
        Experiment::CookieRules => "이 브라우저는 어떤 쿠키를 보관하고, 보여 주고, 보낼까?",
        Experiment::CookieWall => "너무 커진 쿠키를 브라우저가 버릴까?",
        Experiment::Ports => "다른 포트도 인증 정보를 받을까?",
        Experiment::CopyAfterLogout => "로그아웃한 뒤에도 복사본을 쓸 수 있을까?",
        Experiment::RoleChange => "회수된 역할이 계속 통할까?",
        Experiment::Restart => "서버를 재시작해도 로그인이 남을까?",
        Experiment::Expiry => "시간이 다 돼도 아직 통할까?",
        Experiment::Payload => "인증 정보를 보기만 하면 누구 것인지 읽을 수 있을까?",
        Experiment::Tampered => "위조한 인증 정보를 받아 줄까?",
        Experiment::StoreCopied => "저장소 복사본으로 들어올 수 있을까?",
        Experiment::Fixation => "로그인 전에 심어 둔 ID가 로그인 뒤에 나를 대신할까?",
        Experiment::Growth => "장바구니와 함께 요청도 커질까?",
        Experiment::Cost => "요청 10건에 조회를 몇 번 할까?",
        Experiment::Refresh => "리프레시 토큰이 짧은 로그인을 이어 줄까?",
        Experiment::Stateless => "방금 누가 물었는지 서버가 기억할까?",
        Experiment::Retry => "주문을 두 번 보내면 몇 번 처리될까?",
        Experiment::Cache => "두 번 가져오면 몇 번이 서버에 닿을까?",
        Experiment::AnyServer => "로그인이 필요 없는 요청에는 서버 몇 대가 응답할 수 있을까?",
        Experiment::Problem => "아무것도 공유하지 않는 여러 서버: 몇 번이나 나를 알아볼까?",
        Experiment::Sticky => "스티키 세션: 몇 번이나 나를 알아볼까?",
        Experiment::Clustering => "세션 클러스터링: 몇 번이나 나를 알아볼까?",
        Experiment::Separate => "세션 스토리지 분리: 몇 번이나 나를 알아볼까?",
    }
}

pub(super) fn rule(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => {
            "오리진(origin)의 스크립트는 localStorage 전체와, HttpOnly가 없는 쿠키를 읽어요. 인증 정보를 가진 사람이 곧 나예요."
        }
        Experiment::ScriptActs => {
            "HttpOnly는 값을 숨길 뿐, 힘을 막지는 못해요. 오리진(origin)의 스크립트는 페이지가 보낼 수 있는 것을 다 보내요. 스크립트를 들이지 않는 것만 도움이 돼요."
        }
        Experiment::OtherSite => {
            "다른 사이트가 일으킨 요청에 쿠키를 보낼지는 브라우저가 SameSite로 정해요. localStorage에 있는 것은 절대 스스로 붙이지 않아요."
        }
        Experiment::Reload => {
            "페이지 이동에는 쿠키만 실려요. localStorage에 있는 것은 스크립트가 실행된 뒤에야 서버에 닿아요."
        }
        Experiment::CookieRules => {
            "속성마다 규칙이 있고, 엔진마다 달라요. 페이지가 예측에 쓰는 그 규칙을 여기서 통째로 측정해요."
        }
        Experiment::CookieWall => "쿠키의 이름과 값은 합쳐서 4096바이트까지예요. 더 크면 말없이 버려요.",
        Experiment::Ports => {
            "쿠키는 포트와 상관없이 호스트에 속해요. localStorage는 오리진(origin)에 속하고, 포트도 오리진의 일부예요."
        }
        Experiment::CopyAfterLogout => {
            "로그아웃하면 저장된 세션이 지워지고, ID의 모든 복사본도 함께 무효가 돼요. 토큰에는 행이 없어서, 거부 목록(끝난 토큰의 목록)에 없으면 복사본이 exp(토큰이 끝나는 시각)까지 통해요."
        }
        Experiment::RoleChange => "행에는 지금의 상태가 있고, 토큰에는 발급 당시의 상태가 있어요.",
        Experiment::Restart => "로그인은 상태가 있는 곳에서 살아요. 서버의 메모리거나, 저장소거나, 토큰이에요.",
        Experiment::Expiry => {
            "세션은 쓰지 않고 두거나 절대 한도에 이르면 끝나고, 쓰면 앞의 것만 늘어나요. 토큰은 exp에 끝나요. exp는 토큰에 적힌 시각이라 움직일 수 없어요."
        }
        Experiment::Payload => {
            "JWT는 서명한 것이지 암호화한 것이 아니에요. 헤더와 페이로드는 누구나 되돌릴 수 있는 base64url이에요. ID는 서버에게만 뜻이 있는 난수예요."
        }
        Experiment::Tampered => {
            "ID는 추측할 수 없어요. 토큰은 고칠 수 없어요. 서명이 모든 바이트에 걸려 있고, 알고리즘은 키가 정하거든요."
        }
        Experiment::StoreCopied => {
            "절반만 맞는 말이에요. 아무도 저장소를 복사하지 않는 동안만 그래요. ID가 그대로 있으면 복사한 사람이 들어올 수 있고, 해시만 있으면 못 들어와요. 토큰에는 행이 없지만, 키를 가진 사람은 그 키가 폐기될 때까지 누구의 토큰이든 서명해요."
        }
        Experiment::Fixation => {
            "로그인할 때마다 새 인증 정보를 줘요. 그래서 로그인 전에 알던 것은 로그인 뒤에 아무 가치가 없어요."
        }
        Experiment::Growth => "세션은 행이 커지고 ID는 짧은 그대로예요. 토큰은 행이 없고 요청이 커져요.",
        Experiment::Cost => "세션은 요청마다 조회해요. 서명은 그 자체로 검증하고, 거부 목록이 있을 때만 물어봐요.",
        Experiment::Refresh => {
            "절반만 맞는 말이에요. 짧은 토큰은 곧 만료되지만, 다음 토큰을 받아 오는 리프레시 토큰을 쓰면 서버가 다시 행을 저장해요. 리프레시 토큰은 한 번 쓰고 다음 것으로 바꿔요. 두 번 온 것은 도난당했거나 유실된 것이라 그 계열 전체가 끝나요."
        }
        Experiment::Stateless => {
            "요청을 앞 요청과 이어 주는 것은 없어요. 누구의 요청인지는 거기 실려 온 것으로만 알 수 있어요."
        }
        Experiment::Retry => {
            "절반만 맞는 말이에요. 아무것도 바꾸지 않는 요청만 그래요. 구매 요청을 두 번 보내면 두 번 처리돼요. Idempotency-Key가 같은 요청이라고 알려 줄 때만 한 번이에요."
        }
        Experiment::Cache => {
            "응답은 헤더가 허용하는 만큼 보관할 수 있어요. 나만의 정보에는 no-store가 붙어요. 아니면 이 브라우저를 다음에 쓰는 사람이 읽게 돼요."
        }
        Experiment::AnyServer => {
            "응답에 필요한 것이 요청에 모두 들어 있으면 어느 서버든 응답할 수 있고, 공개 카탈로그 요청이 그래요. 세션이 필요한 요청은 달라요. 여러 서버 실험을 보세요."
        }
        Experiment::Problem => {
            "서버 셋 중 하나만 로그인을 알아서, 요청 셋 중 하나만 나를 알아봐요. 토큰은 어디서나 통해요. 모든 서버에 키가 있거든요."
        }
        Experiment::Sticky => "모든 요청이 나를 아는 서버로 가요. 그 서버가 멈추면 그 서버가 알던 것도 사라져요.",
        Experiment::Clustering => "모든 서버가 나를 알아요. 대신 변경마다 메시지가 N−1개 들어요.",
        Experiment::Separate => "서버는 아무것도 모르고 모두 같은 저장소에 물어요. 그래서 어느 서버가 멈춰도 괜찮아요.",
    }
}
