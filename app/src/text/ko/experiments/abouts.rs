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
        Experiment::RoleChange => "빼앗긴 역할이 계속 통할까?",
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

pub(super) fn does(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads => {
            "방명록 댓글에 스크립트가 들어 있어요. 스크립트가 닿을 수 있는 것을 모두 읽어서 공격자의 오리진(origin)으로 보내요."
        }
        Experiment::ScriptActs => {
            "같은 댓글이 아무것도 훔치지 않고, 페이지의 스크립트가 하듯이 내 장바구니에 물건을 담아요."
        }
        Experiment::OtherSite => {
            "다른 사이트의 창이 내 로그인을 노리고 폼을 보내고, 링크를 걸고, fetch하고, 프레임에 넣어요."
        }
        Experiment::Reload => "이 실험실의 페이지를 프레임에 불러와서 서버가 누구를 위해 렌더링했는지 봐요.",
        Experiment::CookieRules => {
            "속성의 모든 조합으로 쿠키 192개를 설정하고, 브라우저가 무엇을 보관하고, 스크립트에 보여 주고, 어떤 상황에 보내는지 봐요."
        }
        Experiment::CookieWall => "로그인하고, 브라우저가 쿠키를 더는 보관하지 않을 때까지 장바구니에 하나씩 담아요.",
        Experiment::Ports => {
            "스크립트가 이 호스트의 다른 포트에 요청하고, 다른 호스트의 창이 자기 호스트에 요청해요. 그때 인증 정보가 실려 오는지 봐요. 다른 포트의 페이지는 프레임 안에서 localStorage를 찾아봐요."
        }
        Experiment::CopyAfterLogout => "인증 정보를 복사하고, 로그아웃하고, 공격자의 컴퓨터에서 복사본을 보내요.",
        Experiment::RoleChange => {
            "관리자 역할을 빼앗거나 사용자를 비활성화하고, 이미 한 로그인에도 바로 반영되는지 봐요."
        }
        Experiment::Restart => "로그인하고, 모든 서버를 재시작하고, 내가 누구인지 물어요.",
        Experiment::Expiry => "실험실의 시계를 만료 시각과 그 직전으로 돌려요.",
        Experiment::Payload => "키가 없는 사람의 눈으로 인증 정보를 풀어 봐요.",
        Experiment::Tampered => "위조하는 사람이 시도할 만한 모든 방법으로 인증 정보를 고쳐서 보내요.",
        Experiment::StoreCopied => "세션 저장소의 모든 행이나 서명 키를 복사하고, 그것으로 들어오려고 해요.",
        Experiment::Fixation => "공격자의 인증 정보를 심어 두고, 그 위에 내가 로그인한 뒤, 이전 것으로 접속해 봐요.",
        Experiment::Growth => "장바구니에 0, 5, 10, 20, 30개를 담았을 때 요청과 서버의 행이 몇 바이트인지 재요.",
        Experiment::Cost => "요청을 10건 보내고 서버가 몇 번 조회했는지 세요.",
        Experiment::Refresh => "토큰을 만료시키고, 새로 받고, 리프레시 토큰을 훔치고, 두 탭에서 동시에 새로 받아요.",
        Experiment::Stateless => "인증 정보를 붙여서 내가 누구인지 묻고, 바로 다음에 떼고 물은 뒤, 다시 붙여서 물어요.",
        Experiment::Retry => "응답을 도중에 유실시키고 같은 요청을 다시 보내요.",
        Experiment::Cache => {
            "카탈로그와 내 정보를 두 번씩 가져와 서버에 몇 번 닿았는지 세고, 로그아웃한 뒤 브라우저의 캐시를 들여다봐요."
        }
        Experiment::AnyServer => "서로를 전혀 모르는 서버 3대에 같은 요청으로 공개 카탈로그를 물어봐요.",
        Experiment::Problem => {
            "서버 3대가 저마다 메모리를 따로 쓰고, 요청은 차례로 다음 서버에 가요. 요청 12건을 보내요."
        }
        Experiment::Sticky => {
            "로드 밸런서의 쿠키가 모든 요청을 같은 서버로 보내요. 요청 12건을 보내고 그 서버를 멈춰요."
        }
        Experiment::Clustering => "서버마다 모든 변경을 나머지에 보내요. 요청 12건을 보내고 서버 하나를 멈춰요.",
        Experiment::Separate => "모든 서버가 한 저장소에 물어요. 요청 12건을 보내고 서버 하나를 멈춰요.",
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
            "절반만 맞는 말이에요. 짧은 토큰은 곧 저절로 끝나지만, 다음 토큰을 받아 오는 리프레시 토큰을 쓰면 서버가 다시 행을 저장해요. 리프레시 토큰은 한 번 쓰고 다음 것으로 바꿔요. 두 번 온 것은 도난당했거나 유실된 것이라 그 계열 전체가 끝나요."
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

/// What people say: the claim that is put to the test.
pub(super) fn proves(experiment: Experiment) -> T {
    match experiment {
        Experiment::ScriptReads | Experiment::ScriptActs => "HttpOnly: 자바스크립트가 접근하지 못해요.",
        Experiment::OtherSite => "SameSite: CSRF를 완화해요.",
        Experiment::Reload => "브라우저는 요청마다 이 쿠키(세션 ID)를 함께 보내요.",
        Experiment::CookieRules => "옵션: HttpOnly, Secure, SameSite.",
        Experiment::CookieWall => "쿠키는 자원을 쓰지 않고 빨라요. 하지만 담을 수 있는 양에 한계가 있어요.",
        Experiment::Ports => "쿠키는 주로 세션 ID나 토큰 같은 인증 정보를 운반하는 데 쓰여요.",
        Experiment::CopyAfterLogout => "토큰 자체에 상태와 정보가 들어 있고, 서버는 토큰을 신뢰해요.",
        Experiment::RoleChange => {
            "서버가 사용자의 정보를 가지고 있느냐가 아니에요. 지금 상태를 서버에 기록하면 세션 방식, 기록하지 않고 토큰에 담아 보내면 토큰 방식이에요."
        }
        Experiment::Restart => "세션은 서버 메모리, DB, Redis 등에 저장된 사용자 상태예요.",
        Experiment::Expiry => "서버는 세션 저장소에서 해당 ID를 찾아서 사용자 상태를 확인해요.",
        Experiment::Payload => "JWT의 페이로드에는 사용자 정보가 들어 있어요.",
        Experiment::Tampered => "서버는 JWT의 서명을 확인하고 페이로드에서 사용자 정보를 꺼내 써요.",
        Experiment::StoreCopied => "세션은 민감한 정보를 서버에 안전하게 보관할 수 있어서 보안성이 매우 높아요.",
        Experiment::Fixation => "서버는 세션을 식별할 수 있는 세션 ID를 만들어요.",
        Experiment::Growth => "클라이언트는 세션 ID만 가지고 있고, 실제 상태는 서버가 관리해요.",
        Experiment::Cost => "클라이언트는 세션 식별자만 보관하고, 요청마다 서버가 세션을 찾아서 써요.",
        Experiment::Refresh => "토큰의 수명이 짧으면 무효로 만들 필요가 없어요. 서버는 아무것도 저장하지 않아요.",
        Experiment::Stateless => "각 요청은 이전 요청과 독립적이에요. 과거 상태를 기억하지 않아요.",
        Experiment::Retry => "재시도가 쉬워요. 네트워크 오류가 나면 똑같은 요청을 다시 보내도 문제없어요.",
        Experiment::Cache => "캐싱이 쉬워요. 어떤 요청의 응답이 늘 같으면 프록시나 브라우저가 캐시할 수 있어요.",
        Experiment::AnyServer => "확장하기 쉬워요. 서버를 여러 대 두어도 이전 상태를 공유할 필요가 없어요.",
        Experiment::Problem => {
            "B 서버는 A 서버에 저장된 세션을 몰라서 로그인이 풀려요. 이것을 세션 정합성 문제라고 해요."
        }
        Experiment::Sticky => {
            "특정 사용자의 모든 요청을 항상 같은 서버로 보내도록 로드 밸런서를 설정해요. 그 서버에 장애가 나면 모든 세션 정보를 잃어요."
        }
        Experiment::Clustering => {
            "클러스터의 모든 서버가 세션 데이터를 서로 복제해서, 하나가 멈춰도 다른 서버에 있어요. 복제하는 데 트래픽이 들어요."
        }
        Experiment::Separate => {
            "모든 세션 데이터를 웹 서버 바깥의 중앙 저장소에 저장해요. 웹 서버는 상태를 갖지 않고 필요할 때 조회해요."
        }
    }
}
