//! Korean.

use super::Lang;
use super::{
    Browser, Desk, Flow, Guide, OpenedToken, Options, Page, Server, Slides, Standing, T, Tamper, Text, Token, Wire,
};
use domain::{
    attack::{Comment, Copied},
    balance::NodeId,
    cookie::Rule,
    exchange::Did,
    lesson::{
        claim::Chapter,
        press::Defence,
        said::{CatalogFrom, Outcome, Said},
    },
    scheme::{Credential, Scheme},
    user::Role,
};

#[cfg(any(feature = "ssr", test))]
mod claims;
pub(super) mod crowd;
pub(super) mod experiments;
mod pages;
pub(super) mod results;
pub(super) mod servers;
#[cfg(feature = "ssr")]
pub(super) mod written;

#[cfg(any(feature = "ssr", test))]
pub(super) use claims::CLAIMS;
pub(super) use pages::PAGES;

pub(super) const TEXT: Text = Text {
    lang: Lang::Ko,
    page: Page {
        attacker: "공격자",
        close: "닫기",
        results: "결과표",
        slides: "슬라이드",
        under_way: "실험이 실행 중이에요.",
        send_copy: "복사본 보내기",
        progress: |done, of| format!("{of}개 중 {done}개"),
        skip: "실습 화면으로 바로 가기",
        part_failed: "이 부분을 받아 오지 못했어요. 서버가 켜져 있는지 확인하고 페이지를 새로 고침하세요.",
        cut: "서버와 연결이 끊겼어요. 지금 보이는 내용은 예전 것일 수 있어요. 다시 연결하는 중 …",
        newer: "이 페이지의 새 버전이 나왔어요.",
        load: "새로 불러오기",
        yes: "예",
        no: "아니요",
        welcome: "방식을 고르고 로그인을 누른 다음, 세 곳을 지켜보세요.",
    },
    desk: Desk {
        same_site_unset: "SameSite 없음",
        lead: "어디에 둘까요?",
        proxy: ["서버 앞에 캐시하는 프록시 두기", "캐시하는 프록시 치우기"],
        defences_on: |n| if n == 0 { "방어책".to_owned() } else { format!("방어책 {n}개") },
        no_shared: "세션 스토리지를 분리하려면 저장소가 있어야 하는데, 여기에는 설정된 것이 없어요. 설정하는 방법은 세부 설정에 있어요.",
    },
    browser: Browser {
        tamper: "변조해 보기",
        title: "브라우저가 가진 것",
        cookies: "쿠키",
        cookies_how: "요청마다 함께 전송",
        hidden: "HttpOnly라서 스크립트가 읽을 수 없어요. 서버가 받았다고 알려 줘서 여기에 보이는 거예요.",
        shown: "이 페이지의 스크립트라면 무엇이든 document.cookie로 읽을 수 있어요.",
        no_cookie: "쿠키 없음",
        preference: "가벼운 설정값이에요. 인증 정보가 아니에요.",
        affinity: |node| {
            format!(
                "로드 밸런서의 쿠키예요. 내 요청을 서버 {node}에 보내라는 뜻이에요. 어디로 갔었는지만 말할 뿐 누구인지는 말하지 않으니, 인증 정보가 아니에요."
            )
        },
        affinity_idle: "로드 밸런서가 스티키였을 때 심은 쿠키예요. 지금은 아무도 읽지 않아요. 인증 정보가 아니에요.",
        storage: "localStorage",
        storage_how: "스크립트가 붙여야 전송",
        storage_note: "이 페이지의 스크립트라면 무엇이든 읽을 수 있어요. 브라우저를 닫아도 남고, 스크립트가 붙이지 않으면 어떤 요청에도 실리지 않아요.",
        nothing: "비어 있음",
        next: "다음 요청에 실릴 것",
        next_how: "자동으로, 또는 스크립트가 붙여서",
        next_nothing: "인증 정보 없음: HTTP는 아무것도 기억하지 않으니 서버는 내가 누구인지 몰라요",
        next_two: "인증 정보가 한꺼번에 두 개예요. 서버는 어느 쪽이 맞는지 넘겨짚지 않고 거부해요. 로그아웃하거나 다시 로그인하세요.",
        unrecorded: "통신 기록이 시작되기 전에 설정됨",
        looking: "여기는 스크립트만 볼 수 있어요. 실행되면 바로 읽어요",
    },
    wire: Wire {
        title: "주고받는 것",
        how: "서버가 본 그대로",
        empty: "아직 아무것도 없어요. 로그인하면 요청과 응답이 하나씩 여기에 나타나요. 최신이 맨 위예요.",
        attacker: "다른 사이트에서",
        crowd: "가상 방문자 한 명",
        other: "브라우저 페이지가 아닌 곳에서",
        page: "페이지 자체",
        open: "전체 헤더와 본문",
        request: "요청",
        response: "응답",
        no_body: "본문이 없거나 기록하지 않음",
        steps: "서버가 한 일",
        curl: "curl로 복사",
        no_credential: "실려 온 인증 정보 없음",
        all: |n| format!("{n}개 모두 보기"),
        in_body: "본문에",
        forgets: "지우기",
    },
    servers: servers::SERVERS,
    nodes: servers::NODES,
    server: Server {
        crowd: "가상 방문자",
        title: "서버가 저장한 것",
        now: "지금 저장된 것",
        summary: |sessions, rows, bytes| {
            if sessions == 0 {
                return "세션 없음".to_owned();
            }
            let copies = if rows > sessions { format!(", 복사본 {rows}개") } else { String::new() };
            format!("세션 {sessions}개{copies} · {bytes}\u{a0}B")
        },
        nodes: "서버",
        nodes_how: "서버마다 자기 메모리",
        node: |n| format!("서버 {n}"),
        requests: |n| format!("요청 {n}건"),
        stopped: "멈춤",
        sessions: "세션",
        sessions_how: "서버의 메모리에",
        columns: ["ID", "사용자", "역할", "장바구니", "유휴 만료", "남은 시간"],
        no_sessions: "저장된 세션이 없어요. 세션 ID 방식으로 로그인하면 여기에 하나 생겨요.",
        no_sessions_jwt: "행이 없어요. JWT를 쓰면 서버는 로그인을 적어 두지 않아요. 아래의 키와, 켜 두었다면 거부 목록만 갖고 있고, 누구인지는 토큰에 담겨 다녀요.",
        hashed: "세션 ID는 SHA-256 해시만 저장해요. 이 표만 손에 넣어서는 아무도 들어올 수 없어요.",
        cart_empty: "비어 있음",
        keys: "서명 키",
        keys_how: "모든 서버가 같은 키",
        key: |kid, alg, bits| format!("{alg} · kid {kid} · {bits}비트"),
        signs: "서명용",
        verifies: "검증 전용",
        secret: "키 자체는 절대 보여 주지 않아요. 키를 가진 사람은 누구든 될 수 있으니까요.",
        denylist: "거부 목록",
        denylist_how: "끝난 로그인: 이 jti까지 발급된 토큰 전부",
        denylist_empty: "비어 있음: JWT로 로그인했다가 로그아웃하면 여기에 올라와요",
        denylist_all: |name| format!("{name} 님이 지금까지 받은 토큰 전부"),
        gone_in: "보관 시간",
        bytes: |n| format!("{n}\u{a0}B"),
        over: "만료",
    },
    token: Token {
        open: "이 JWT 열어 보기",
        left: "남음",
        over: "만료됨",
        opaque: "그 자체로는 아무 뜻도 없는 ID예요. 무작위 128비트일 뿐이고, 무엇을 가리키는지는 서버에 있어요.",
    },
    flow: Flow {
        session: "세션의 흐름",
        token: "토큰의 흐름",
        session_cookie: [
            ("로그인", "이름과 비밀번호를 서버로 보내요"),
            ("세션 생성", "서버가 세션을 만들어 저장해요"),
            ("Set-Cookie", "세션 ID가 쿠키로 내려와요"),
            ("이후 요청", "쿠키가 자동으로 함께 가요"),
            ("서버 검증", "저장된 세션에서 누구인지 찾아요"),
        ],
        session_storage: [
            ("로그인", "이름과 비밀번호를 서버로 보내요"),
            ("세션 생성", "서버가 세션을 만들어 저장해요"),
            ("본문으로 ID 발급", "스크립트가 보관해요"),
            ("이후 요청", "스크립트가 ID를 붙여요"),
            ("서버 검증", "저장된 세션에서 누구인지 찾아요"),
        ],
        token_cookie: [
            ("로그인", "이름과 비밀번호를 서버로 보내요"),
            ("토큰 발급", "페이로드와 서명뿐, 행은 없어요"),
            ("Set-Cookie", "브라우저가 토큰을 보관해요"),
            ("이후 요청", "쿠키가 자동으로 함께 가요"),
            ("서버 검증", "토큰을 검증하고 누구인지 읽어요"),
        ],
        token_storage: [
            ("로그인", "이름과 비밀번호를 서버로 보내요"),
            ("토큰 발급", "페이로드와 서명뿐, 행은 없어요"),
            ("토큰 저장", "스크립트가 보관해요"),
            ("이후 요청", "스크립트가 토큰을 붙여요"),
            ("서버 검증", "토큰을 검증하고 누구인지 읽어요"),
        ],
        refused: "여기서 거부됨",
    },
    guide: Guide {
        title: "안내",
        seen: |seen, of| format!("{of}개 중 {seen}개 봄"),
        was_seen: "✓",
        search: "검색: XSS, CSRF, 401 …",
        chapters: "장",
        chapter: |chapter| match chapter {
            Chapter::Cookie => "쿠키",
            Chapter::Session => "세션",
            Chapter::Token => "토큰",
            Chapter::Stateless => "HTTP는 무상태",
            Chapter::Servers => "여러 대의 서버",
            Chapter::Attacks => "공격",
            Chapter::Choice => "무엇을 쓸까",
        },
        try_it: "해 보기",
        measure: "측정하기",
        stop: "멈추기",
        put_back: "전에 있던 대로 되돌리기",
        case: "경우",
        measured: "측정",
        predicted: "예측",
        not_measured: "아직 측정 안 함",
        why: "왜 그럴까요?",
    },
    standing: Standing {
        label: "지금 상태:",
        nobody: "로그인 안 됨",
        dead: "무효, 보내면 거부됨",
        unclear: "저장소에 해시만 있음, 나는 누구?로 확인",
        too_many: "인증 정보 두 개, 둘 다 무효",
        known_to: |nodes| format!("서버 {}에만 세션 있음", listed(nodes)),
        store_silent: "알 수 없음, 저장소가 멈춤",
        nodes_silent: "알 수 없음, 켜진 서버가 없음",
    },
    did,
    detail,
    rule,
    role: |role| match role {
        Role::User => "사용자",
        Role::Admin => "관리자",
    },
    scheme,
};

pub(super) const OPTIONS: Options = Options {
    legend: "쿠키 옵션",
    http_only: "스크립트는 읽을 수 없어요",
    secure: "HTTPS에서만 보내요",
    host_prefix: "Secure가 있고, 이 호스트의 모든 경로에 보내는 쿠키일 때만 브라우저가 받아 주는 이름이에요",
    lifetime: "쿠키 수명",
    until_close: "브라우저를 닫을 때까지",
    one_minute: "1분",
    one_day: "1일",
    beforehand: "브라우저는 이 쿠키를 이렇게 다뤄요",
    kept: "보관",
    visible: "스크립트로 읽기",
    own: "이 페이지에서 전송",
    link: "다른 사이트의 링크로 올 때 전송",
    form: "다른 사이트가 폼을 POST할 때 전송",
    embedded: "다른 사이트가 fetch나 iframe으로 부를 때 전송",
    dropped: "브라우저가 이 쿠키를 버려요. 로그인해도 로그인되지 않은 상태로 남아요.",
    storage: "localStorage에는 옵션이 없어요. 같은 오리진(origin)의 스크립트는 모두 읽을 수 있고, 자동으로 실려 가는 요청은 없으며, 스크립트가 지울 때까지 남아 있어요.",
};

pub(super) const OPENED_TOKEN: OpenedToken = OpenedToken {
    anyone: "손에 넣은 사람은 누구나 읽을 수 있어요. 암호화가 아니라 인코딩이니까요. 하지만 키가 없으면 아무도 고칠 수 없어요.",
    header: "헤더",
    payload: "페이로드",
    signature: "서명",
    signature_why: "헤더와 페이로드를 서버의 키로 서명한 값이에요. 한 글자만 바꿔도 맞지 않게 돼요.",
    claim,
};

pub(super) const TAMPER: Tamper = Tamper {
    lede: "인증 정보를 고쳐서 보내 보세요. 세션 ID는 알아맞히는 수밖에 없어요. JWT는 누구나 고쳐 쓸 수 있지만, 다시 서명할 수는 없어요.",
    field: "보낼 인증 정보",
    take: "지금 것 가져오기",
    flip: "한 글자 바꾸기",
    admin: "role: admin으로 바꾸기",
    none: "alg: none으로 바꾸기",
    send: "보내기",
    how: "스크립트가 쿠키 없이 Authorization: Bearer로 보내요. 스크립트는 Cookie 헤더를 쓸 수 없거든요.",
    nothing: "먼저 로그인한 다음, 인증 정보를 가져와서 고쳐 보세요.",
    not_ascii: "헤더에는 출력 가능한 ASCII 문자만 쓸 수 있어요. 다른 문자를 지워 주세요.",
};

pub(super) const SLIDES: Slides = Slides {
    of: |at, all| format!("{all}개 중 {at}번째"),
    show_prediction: "예측 보기",
    show: "결과 보기",
    measure_again: "다시 측정하기",
    back: "이전",
    next: "다음 슬라이드",
    next_chapter: |chapter| format!("다음 장: {chapter}"),
    skip: "건너뛰기",
    leave: "실습 화면으로",
    keys: "스페이스 →  다음 단계 · ←  이전 · Esc  나가기",
};

fn scheme(scheme: Scheme) -> T {
    match scheme.name() {
        "session-cookie" => "세션 쿠키",
        "session-storage" => "localStorage의 세션 ID",
        "token-cookie" => "쿠키에 담은 JWT",
        _ => "localStorage의 JWT",
    }
}

fn did(did: Did) -> T {
    match did {
        Did::Routed => "로드 밸런서가 보냄",
        Did::FoundNothing => "인증 정보 없음",
        Did::FoundCookie => "쿠키에서 인증 정보 읽음",
        Did::FoundBearer => "Bearer로 온 인증 정보 읽음",
        Did::FoundTooMany => "인증 정보가 둘 이상",
        Did::LookedUp => "세션 조회",
        Did::Verified => "서명과 클레임 검증",
        Did::CheckedDenylist => "거부 목록 확인",
        Did::Identified => "사용자 확인",
        Did::CheckedPassword => "비밀번호 확인(Argon2id)",
        Did::SparedPassword => "비밀번호를 확인하지 않음",
        Did::CheckedOrigin => "어디서 왔는지 확인",
        Did::CreatedSession => "세션 저장",
        Did::UpdatedSession => "저장된 세션 변경",
        Did::DeletedSession => "저장된 세션 삭제",
        Did::SignedToken => "토큰에 서명",
        Did::Denied => "거부 목록에 추가",
        Did::SetCookie => "Set-Cookie로 쿠키 내려보냄",
        Did::ClearedCookie => "Set-Cookie로 쿠키 지움",
        Did::CookieTooLarge => "쿠키가 너무 큼: 브라우저가 말없이 버림",
        Did::RefreshedToken => "리프레시 토큰 사용, 새것으로 교체",
        Did::EndedFamily => "이 로그인의 리프레시 토큰 모두 폐기",
        Did::PlacedOrder => "주문 접수",
        Did::ReplayedAnswer => "두 번째 주문 없이 처음과 같은 응답",
        Did::Rendered => "페이지 렌더링",
        Did::Refused => "거부",
        Did::LostAnswer => "응답이 도중에 유실됨",
        Did::KeptWindow => "공격자의 창이 그 자리에 머물도록 204로 응답함. 원래 상태 코드는",
        Did::ProxyAnswered => "캐시하는 프록시가 서버에 묻지 않고 저장해 둔 응답을 줌. 지난 시간(초):",
        Did::ProxyKept => "캐시하는 프록시가 응답을 저장함. 유효 시간(초):",
        Did::ProxyPassed => "캐시하는 프록시가 그대로 통과시키고 저장하지 않음",
    }
}

/// The phrases that stand alone; what has a name or a number in it mostly stays as the server said it.
fn detail(detail: &str) -> String {
    let refusal =
        detail.strip_prefix("the credential cannot be used: ").and_then(|why| why.strip_suffix("; log in again"));
    let known = match refusal.unwrap_or(detail) {
        "session id" => "세션 ID",
        "right" => "맞음",
        "wrong" => "틀림",
        "right, but the user is disabled" => "맞지만 비활성화된 사용자",
        "found" => "찾음",
        "not found" => "없음",
        "not the form of an id" | "it does not have the form of a session id" => "세션 ID의 형식이 아님",
        "valid" => "유효함",
        "listed" => "목록에 있음",
        "not listed" => "목록에 없음",
        "the cart" => "장바구니",
        "refresh token" => "리프레시 토큰",
        "no refresh token came along: send it in the body, or as the cookie refresh" => "실려 온 리프레시 토큰이 없음",
        "100 orders are the most of a lab: DELETE api/orders cancels yours" => {
            "주문은 실험실마다 100건까지. DELETE api/orders로 내 주문을 취소할 수 있음"
        }
        "this Idempotency-Key came with another body before: an order of its own needs a key of its own" => {
            "같은 Idempotency-Key가 다른 본문과 함께 온 적이 있음: 새 주문에는 새 키가 필요"
        }
        "it was used before or is not genuine" => "이미 사용되었거나 진짜가 아님",
        "logged out" => "로그아웃",
        "replaced by a new login" => "새 로그인으로 대체됨",
        "it does not have the form of a refresh token" => "리프레시 토큰의 형식이 아님",
        "there is no such refresh token, or it is over" => "그런 리프레시 토큰이 없거나 이미 끝남",
        "it is not the one whose turn it is: it was used before or is not genuine, so every refresh token of this login is ended" => {
            "차례가 된 토큰이 아님: 이미 사용되었거나 진짜가 아니므로 이 로그인의 리프레시 토큰이 모두 폐기됨"
        }
        "start Login Lab with --redis-url redis://127.0.0.1:6379" => {
            "Login Lab을 --redis-url redis://127.0.0.1:6379 옵션으로 시작하세요"
        }
        "start Login Lab with --memcached-url 127.0.0.1:11211" => {
            "Login Lab을 --memcached-url 127.0.0.1:11211 옵션으로 시작하세요"
        }
        "embedded in this process; --sqlite FILE keeps it over a restart of the process" => {
            "이 프로세스에 내장, --sqlite FILE 옵션을 주면 프로세스를 재시작해도 남음"
        }
        "it is one of a crowd" => "가상 방문자 한 명",
        "no server is up: start one" => "켜진 서버가 없으니 하나를 시작하세요",
        "the server stopped before it answered: try again" => "서버가 응답하기 전에 멈췄으니 다시 시도하세요",
        "the session store does not answer: try again in a second" => "세션 저장소가 제때 응답하지 않음",
        "the session store is out of reach: try again in a second" => "세션 저장소에 닿을 수 없음",
        "for nobody" => "로그인하지 않은 사람에게",
        "for somebody whose credential was refused" => "인증 정보가 거부된 사람에게",
        "wrong signature" => "서명이 맞지 않음",
        "no such key" => "그런 키가 없음",
        "no kid" => "kid가 없음",
        "expired" => "만료됨",
        "not to be used yet" => "아직 쓸 수 없음",
        "for another lab" => "다른 실험실의 토큰",
        "issued by somebody else" => "다른 곳에서 발급됨",
        "a claim is missing or has the wrong type" => "클레임이 없거나 형식이 틀림",
        "a character that no token has" => "토큰에 쓸 수 없는 글자",
        "not three parts of base64url with JSON objects in the first two" => "JWT의 형식이 아님",
        "no credential came along: log in first" => "실려 온 인증 정보가 없음",
        "wrong name or password" => "이름이나 비밀번호가 틀림",
        "there is no such session, or it is over" => "그런 세션이 없거나 이미 끝남",
        "this server has no such session: another one may have it, or it is over" => {
            "이 서버에는 그런 세션이 없음. 다른 서버에 있거나 이미 끝남"
        }
        "it was ended before its time" => "만료 전에 폐기됨",
        "this needs the role admin; the role is taken from the session or the token" => {
            "admin 역할이 필요하고, 역할은 세션이나 토큰에서 읽음"
        }
        other => {
            return moved(other)
                .or_else(|| routed(other))
                .or_else(|| composed(other))
                .unwrap_or_else(|| other.to_owned());
        }
    };
    known.to_owned()
}

/// In which store a row was written, and whether it came from another id.
fn moved(detail: &str) -> Option<String> {
    let kept = detail.strip_suffix("; moved from the old id, which is dead");
    let store = match kept.unwrap_or(detail) {
        "memory" => "메모리",
        "replicated" => "메모리, 모든 서버에 복제",
        "sqlite" => "SQLite",
        "redis" => "Redis",
        "memcached" => "memcached",
        _ => return None,
    };
    Some(if kept.is_some() {
        format!("{store}, 옛 ID에서 옮겨 왔고 옛 ID는 폐기")
    } else {
        store.to_owned()
    })
}

/// How the balancer came to a node.
fn routed(detail: &str) -> Option<String> {
    let now = |rest: &str| rest.strip_suffix(", and lb says so now").map(str::to_owned);
    if let Some(node) = detail.strip_prefix("to server ").and_then(|rest| rest.strip_suffix(", as lb says")) {
        return Some(format!("lb에 적힌 대로 서버 {node}"));
    }
    if let Some(node) = detail.strip_prefix("a newcomer: to server ").and_then(now) {
        return Some(format!("처음 온 방문자라 서버 {node}, 이제 lb에 적음"));
    }
    let (gone, rest) = detail.strip_prefix("server ")?.split_once(" is not there: to server ")?;
    Some(format!("서버 {gone}{} 없어서 서버 {}, 이제 lb에 적음", subject_of(gone), now(rest)?))
}

/// What is said with a name or a number in it.
fn composed(detail: &str) -> Option<String> {
    if let Some(key) = detail.strip_prefix("key ") {
        return Some(format!("키 {key}"));
    }
    if let Some(alg) = detail.strip_prefix("alg is not the key's own, ") {
        return Some(format!("alg가 키의 알고리즘({alg})과 다름"));
    }
    if let Some(seconds) = detail.strip_prefix("for another ").and_then(|rest| rest.strip_suffix(" seconds")) {
        return Some(format!("앞으로 {seconds}초"));
    }
    if let Some((user, rest)) = detail.strip_prefix("every token of ").and_then(|rest| rest.split_once(" so far, ")) {
        return Some(format!("{user}에게 지금까지 발급된 모든 토큰, {}", composed(rest)?));
    }
    if let Some((from, to)) = detail.strip_prefix("probes ").and_then(|rest| rest.split_once(" to ")) {
        return Some(format!("시험 쿠키 {from}~{to}"));
    }
    if let Some(name) = detail.strip_prefix("for ") {
        return Some(format!("{name}에게"));
    }
    detail.strip_suffix(" bytes").map(|said| format!("{said}바이트"))
}

fn subject_of(node: &str) -> T {
    node.parse().map_or("이", servers::subject)
}

fn defence(defence: Defence) -> T {
    match defence {
        Defence::CheckOrigin => "오리진 확인을",
        Defence::Denylist => "토큰 거부 목록을",
        Defence::HashIds => "세션 ID를 해시로만 저장하기를",
        Defence::GuestbookCsp => "방명록의 콘텐츠 보안 정책(CSP)을",
    }
}

fn rule(rule: Rule) -> T {
    match rule {
        Rule::Nothing => "막는 것이 없음",
        Rule::Expired => "수명이 끝남",
        Rule::TooLarge => "4096바이트 초과",
        Rule::SecureNeedsHttps => "Secure인데 여기는 http",
        Rule::LoopbackCountsAsSecure => "Secure이고, 이 컴퓨터는 안전한 곳으로 취급",
        Rule::NoneNeedsSecure => "SameSite=None에는 Secure가 필요",
        Rule::HostPrefixBroken => "__Host-에는 Secure와 Path=/가 필요",
        Rule::HttpOnly => "HttpOnly가 숨김",
        Rule::PathElsewhere => "경로(Path)가 다름",
        Rule::OwnSite => "같은 사이트라서 보냄",
        Rule::Strict => "SameSite=Strict: 자기 사이트에서만",
        Rule::LaxStaysHome => "SameSite=Lax: 이 경우에는 보내지 않음",
        Rule::LaxFollowsLinks => "SameSite=Lax: 링크는 따라감",
        Rule::UnsetTwoMinutes => "SameSite 생략: 처음 2분 동안은 보냄",
        Rule::UnsetTwoMinutesOver => "SameSite 생략: 처음 2분이 지났음",
        Rule::UnsetIsLax => "SameSite 생략은 Lax로 취급: 링크에만 보냄",
        Rule::UnsetIsNone => "SameSite 생략: None으로 취급",
        Rule::NoneGoesAlong => "SameSite=None: 함께 감",
        Rule::ThirdPartyBlocked => "서드파티 쿠키 차단",
    }
}

fn claim(name: &str) -> T {
    match name {
        "alg" => "서명 알고리즘. 서버는 자기 키의 알고리즘만 받아요",
        "typ" => "토큰의 종류. 다른 종류의 토큰이 이 토큰 행세를 못 하게 해요",
        "kid" => "어느 키로 서명했는지",
        "iss" => "누가 발급했는지",
        "aud" => "누구에게 쓰는지: 오직 이 실험실",
        "sub" => "누구에 대한 토큰인지",
        "role" => "무엇을 할 수 있는지. 발급 당시의 역할 그대로예요",
        "cart" => "내 장바구니: 상태가 서버가 아니라 여기에 있어요",
        "cookie" => "쿠키를 설정한 방식. 나중에 지울 때 필요해요",
        "iat" => "발급된 시각",
        "nbf" => "이 시각 전에는 무효",
        "exp" => "이 시각부터 무효",
        "family" => "함께 발급된 리프레시 토큰의 묶음. 로그아웃하면 함께 폐기돼요",
        "jti" => "토큰 고유의 이름. 이름 순서가 곧 발급 순서예요",
        "login" => "이 토큰이 속한 로그인. 거부 목록은 한 로그인의 토큰을 모두 끝내요",
        _ => "",
    }
}

pub(super) fn said(said: &Said) -> String {
    match said {
        Said::Outcome(outcome) => match outcome {
            Outcome::LoggedIn => "로그인했어요.".to_owned(),
            Outcome::WrongLogin => "이름이나 비밀번호가 틀렸어요. 비밀번호는 이름 뒤에 -password를 붙인 것이고, ⋯ 메뉴에 있어요.".to_owned(),
            Outcome::CartChanged => "장바구니가 바뀌었어요.".to_owned(),
            Outcome::LoggedOut => "로그아웃했어요.".to_owned(),
            Outcome::NotLoggedIn => "로그인하지 않았거나, 로그인이 이미 끝났어요.".to_owned(),
            Outcome::Refused => "서버가 거부했어요. 이유는 통신 기록에 있어요.".to_owned(),
            Outcome::Anew => "실험실이 새로 시작됐어요. 서버가 바뀌었거나 오랫동안 쓰지 않았기 때문이에요. 이전 로그인은 모두 끝났어요.".to_owned(),
        },
        Said::LoggedIn { name, scheme: with, dropped: false } => {
            format!("{name} 님으로 로그인했어요. 방식: {}.", scheme(*with))
        }
        Said::LoggedIn { dropped: true, .. } => {
            "로그인했지만 쿠키가 4096바이트를 넘어서 브라우저가 버렸어요.".to_owned()
        }
        Said::NotStored => {
            "서버가 인증 정보를 내줬지만 localStorage에 저장되지 않았어요. 가득 찼거나 브라우저가 막고 있어요. 전에 있던 것만 남아 있거나 아무것도 없어요.".to_owned()
        }
        Said::NotKept => {
            "서버는 로그인을 받아 줬지만 브라우저가 쿠키를 버렸어요. 이유는 쿠키 옵션에 있어요.".to_owned()
        }
        Said::Me { name, role, scheme: with, node } => {
            let who = node.map_or_else(|| "서버가".to_owned(), |node| format!("서버 {node}{}", servers::subject(node)));
            format!("{name} 님이에요. 역할: {}. {who} 알아본 근거: {}.", (TEXT.role)(*role), scheme(*with))
        }
        Said::CartBehind { items, node } => format!(
            "서버 {node}의 장바구니에는 {items}개뿐이에요. 전보다 줄었어요. 서버 사이의 메시지가 손실됐거나 늦어서 이 서버가 마지막 쓰기를 몰라요. 클러스터링의 데이터 정합성 문제예요."
        ),
        Said::Cart { items, dropped: false } => match items {
            0 => "장바구니가 비어 있어요.".to_owned(),
            n => format!("장바구니에 {n}개 담겨 있어요."),
        },
        Said::Cart { dropped: true, .. } => {
            "새 토큰이 4096바이트를 넘었어요. 브라우저는 새 쿠키를 말없이 버리고 옛 쿠키를 그대로 갖고 있어요."
                .to_owned()
        }
        Said::LoggedOut { revoked: true, everywhere: false, .. } => {
            "로그아웃했어요. 인증 정보의 복사본도 이제 쓸 수 없어요.".to_owned()
        }
        Said::LoggedOut { revoked: true, everywhere: true, .. } => "모든 곳에서 로그아웃했어요.".to_owned(),
        Said::LoggedOut { revoked: false, credential, .. } => match credential {
            Credential::Jwt => {
                "브라우저는 JWT를 지웠지만, 복사본은 exp까지 유효해요. 서버에 목록이 없으니까요.".to_owned()
            }
            Credential::SessionId => "로그아웃했어요.".to_owned(),
        },
        Said::Forgotten => "서버는 이미 모르는 인증 정보였고, 이제 브라우저에서도 지웠어요.".to_owned(),
        Said::LetIn { users } => format!("들어왔어요. 관리자는 사용자 {users}명을 모두 볼 수 있어요."),
        Said::Refused { status: 401, detail, .. } if detail.contains("password") => {
            "이름이나 비밀번호가 틀렸어요(401). 어느 쪽이 틀렸는지는 누구에게도 알려 주지 않아요.".to_owned()
        }
        Said::Refused { status: 401, detail, node: Some(node) } => {
            format!("401: 서버 {node}{} 나를 알아보지 못했어요. ({})", servers::subject(*node), self::detail(detail))
        }
        Said::Refused { status, detail, .. } => refused(*status, detail),
        Said::Tampered { status, detail } if *status >= 400 => refused(*status, detail),
        Said::Tampered { status, .. } => {
            format!("{status}: 받아들여졌어요. 고치지 않은 복사본을 가진 사람은 누구든 나로 행세할 수 있어요.")
        }
        Said::Servers(what) => servers::said(what),
        Said::Advanced(seconds) => format!("실험실 시간이 {} 흘렀어요. 브라우저의 시계는 그대로라서 쿠키의 Max-Age에는 영향이 없어요.", span(*seconds)),
        Said::RoleSet { name, role } => {
            format!(
                "{name} 님의 새 역할: {}. 세션에는 바로 반영되고, JWT에는 exp까지 옛 역할이 남아요.",
                (TEXT.role)(*role)
            )
        }
        Said::DisabledSet { name, disabled: true } => {
            format!("{name} 님은 이제 로그인할 수 없어요. 저장된 세션은 사라졌지만, JWT는 exp까지 살아 있어요.")
        }
        Said::DisabledSet { name, disabled: false } => format!("{name} 님은 다시 로그인할 수 있어요."),
        Said::ProxySet { on: true } => "이제 서버 앞에 캐시하는 프록시가 있어요. 누구에게나 같은 응답은 프록시가 대신 줘요.".to_owned(),
        Said::ProxySet { on: false } => "캐시하는 프록시를 치웠어요. 저장해 둔 응답도 사라졌어요.".to_owned(),
        Said::DefenceSet { defence: of, on } => format!("{} {}.", defence(*of), if *on { "켰어요" } else { "껐어요" }),
        Said::Rotated { retired: false } => "이제 새 키로 서명해요. 옛 키로 서명한 토큰도 아직 검증돼요.".to_owned(),
        Said::Rotated { retired: true } => "이제 새 키로 서명해요. 이전 토큰은 모두 무효예요.".to_owned(),
        Said::Reset => "실험실을 초기화하고 로그아웃했어요.".to_owned(),
        Said::Switched { scheme: next, held: None } => format!("다음 로그인 방식: {}.", scheme(*next)),
        Said::Switched { scheme: next, held: Some(held) } => {
            format!("다음 로그인 방식: {}. 다시 로그인할 때까지는 지금 로그인({})이 유지돼요.", scheme(*next), scheme(*held))
        }
        Said::Copied(true) => "복사했어요.".to_owned(),
        Said::Shared => "지금 고르고 펼친 것이 담긴 이 실험실의 주소를 복사했어요. 주소가 있으면 누구나 이 실험실에 들어올 수 있어요.".to_owned(),
        Said::Copied(false) => "여기서는 브라우저가 복사를 허용하지 않아요. https나 localhost여야 해요.".to_owned(),
        Said::NoSuchClaim => "그런 항목이 없어서 첫 항목을 보여 드려요.".to_owned(),
        Said::Unreachable => "서버에서 답이 오지 않았어요. 서버가 켜져 있는지 확인하세요.".to_owned(),
        Said::Ran(ending) => experiments::ended(ending),
        Said::Replayed { status, user } => experiments::replayed(*status, user.as_deref()),
        Said::LootEmptied => experiments::LOOT_EMPTIED.to_owned(),
        Said::Script { .. } | Said::OtherSite { .. } | Said::Took { .. } | Said::Catalog { .. } => by_others(said),
        Said::PutBack => "전에 쓰던 설정으로 되돌렸어요. 로그인해 있었다면 새로 로그인했어요.".to_owned(),
        Said::Failed(failure) => experiments::failure(failure),
    }
}

/// What others did, and what is the same for all.
fn by_others(said: &Said) -> String {
    match said {
        Said::Script { comment: Comment::Read, did: true, .. } => {
            "스크립트가 인증 정보를 읽어 공격자에게 보냈어요. 네 번째 칸을 보세요.".to_owned()
        }
        Said::Script { did: false, was_barred: true, .. } => {
            "아무것도 읽히지 않았고 아무 일도 없었어요. 방명록의 콘텐츠 보안 정책(CSP)이 켜져 있어 스크립트가 실행되지 않아요.".to_owned()
        }
        Said::Script { comment: Comment::Read, did: false, .. } => {
            "스크립트가 인증 정보를 찾아봤지만 아무것도 얻지 못했어요.".to_owned()
        }
        Said::Script { did: true, .. } => "스크립트가 내 이름으로 장바구니에 물건을 담았어요.".to_owned(),
        Said::Script { did: false, .. } => "스크립트가 내 이름으로 할 수 있는 일이 없었어요.".to_owned(),
        Said::OtherSite { as_you: true, .. } => {
            "다른 사이트의 요청이 내 요청으로 처리됐어요. 브라우저가 쿠키를 함께 보냈어요.".to_owned()
        }
        Said::OtherSite { came_along: true, .. } => {
            "다른 사이트의 요청에 브라우저가 쿠키를 함께 보냈지만, 서버가 거절했어요.".to_owned()
        }
        Said::OtherSite { .. } => "다른 사이트의 요청에는 인증 정보가 없었어요. 누구의 요청도 아니에요.".to_owned(),
        Said::Took { copied: Copied::Rows, pieces: 0 } => "저장소를 복사했지만 저장된 세션이 없었어요.".to_owned(),
        Said::Took { copied: Copied::Rows, pieces } => {
            format!("저장소를 복사했어요. 공격자가 세션 ID로 보이는 것 {pieces}개를 더 얻었어요.")
        }
        Said::Took { copied: Copied::Key, .. } => {
            "서명 키를 복사했어요. 그 키로 관리자 carol의 토큰을 위조했어요.".to_owned()
        }
        Said::Catalog { from: CatalogFrom::Server(node) } => {
            format!("서버 {node}에서 온 카탈로그예요. 누구에게나 똑같아요.")
        }
        Said::Catalog { from: CatalogFrom::Proxy } => {
            "프록시가 저장해 둔 카탈로그예요. 누구에게나 똑같아서 서버에 묻지 않았어요.".to_owned()
        }
        Said::Catalog { from: CatalogFrom::Browser } => {
            "브라우저 캐시에서 꺼낸 카탈로그예요. 요청은 보내지 않았어요.".to_owned()
        }
        _ => String::new(),
    }
}

/// The meaning by status; the server's own words, which are English, come last.
fn refused(status: u16, detail: &str) -> String {
    let meaning = match status {
        400 => "요청이 올바르지 않아서 서버가 거부했어요.",
        401 => "서버가 내가 누구인지 알아보지 못했어요.",
        403 => "누구인지 알더라도 허용되지 않는 요청이에요.",
        413 => "요청이 너무 커요.",
        422 => "요청에 담긴 값을 서버가 처리할 수 없어요.",
        429 => "요청이 너무 잦아요. 잠시 뒤에 다시 시도하세요.",
        503 => "지금은 서버가 응답할 수 없어요. 잠시 뒤에 다시 시도하세요.",
        _ => "서버가 거부했어요.",
    };
    if detail.is_empty() {
        format!("{status}: {meaning}")
    } else {
        format!("{status}: {meaning} ({})", self::detail(detail))
    }
}

fn listed(nodes: &[NodeId]) -> String {
    nodes.iter().map(NodeId::to_string).collect::<Vec<_>>().join(", ")
}

fn span(seconds: u64) -> String {
    match seconds {
        s if s % 3600 == 0 => format!("{}시간", s / 3600),
        s if s % 60 == 0 => format!("{}분", s / 60),
        s => format!("{s}초"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_balancer_says_is_said_in_korean_with_its_numbers() {
        assert_eq!(detail("to server 2, as lb says"), "lb에 적힌 대로 서버 2");
        assert_eq!(detail("a newcomer: to server 1, and lb says so now"), "처음 온 방문자라 서버 1, 이제 lb에 적음");
        assert_eq!(
            detail("server 2 is not there: to server 3, and lb says so now"),
            "서버 2가 없어서 서버 3, 이제 lb에 적음"
        );
        assert_eq!(detail("server 7"), "server 7", "what is not known stays as it is");
    }

    #[test]
    fn names_and_numbers_stand_in_a_korean_sentence() {
        assert_eq!(detail("for alice"), "alice에게");
        assert_eq!(detail("for nobody"), "로그인하지 않은 사람에게");
        assert_eq!(detail("sid, 25 bytes"), "sid, 25바이트");
        assert_eq!(detail("4097 bytes"), "4097바이트");
        assert_eq!(detail("key k2, EdDSA"), "키 k2, EdDSA");
        assert_eq!(detail("alg is not the key's own, RS256"), "alg가 키의 알고리즘(RS256)과 다름");
        assert_eq!(detail("for another 899 seconds"), "앞으로 899초");
        assert_eq!(
            detail("every token of alice so far, for another 899 seconds"),
            "alice에게 지금까지 발급된 모든 토큰, 앞으로 899초"
        );
        assert_eq!(detail("probes 0 to 31"), "시험 쿠키 0~31");
    }

    #[test]
    fn a_store_is_named_with_and_without_what_came_along() {
        assert_eq!(detail("redis"), "Redis");
        assert_eq!(detail("memory; moved from the old id, which is dead"), "메모리, 옛 ID에서 옮겨 왔고 옛 ID는 폐기");
    }
}
