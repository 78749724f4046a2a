//! What the server alone writes, in Korean.

use crate::text::written::{Actions, Head, Presets, Rendered, Switch, Users};
use domain::scheme::{Carrier, Credential};

pub(in crate::text) const HEAD: Head = Head {
    title: "Login Lab",
    question: "내 로그인은 누가 쥐고 있을까: 브라우저일까, 서버일까?",
    contents: "이 페이지에는",
    theme: "테마",
    themes: ["시스템", "밝게", "어둡게"],
    share: "공유",
    failed: "페이지를 시작하지 못했어요. 일부를 받지 못했거나 읽지 못했어요. 서버가 켜져 있는지 확인하고 새로 고침하세요. 쿠키 방식은 그대로 쓸 수 있어요.",
};

pub(in crate::text) const USERS: Users = Users {
    title: "사용자",
    how: "누가, 어떤 역할로",
    role_of: |name| format!("{name} 님의 역할"),
    disabled: "비활성화",
    disabled_of: |name| format!("{name} 님 비활성화"),
};

pub(in crate::text) const RENDERED: Rendered = Rendered {
    title: "페이지를 요청했을 때 서버가 알아본 나",
    known: "페이지 요청에 쿠키가 함께 왔어요. 그래서 스크립트가 실행되기도 전에 서버가 나를 알아봤어요.",
    for_nobody: "페이지 요청에 인증 정보가 없었어요. localStorage에 있는 것은 스크립트가 보내기 전까지 서버가 볼 수 없어요.",
    refused: "쿠키가 함께 오기는 했지만, 서버에는 그에 맞는 로그인이 없어요.",
    untold: "쿠키가 함께 왔지만, 켜진 서버가 없거나 세션 저장소가 답하지 않아 누구의 것인지 알 수 없었어요.",
    nobody: "로그인하지 않은 사람",
};

pub(in crate::text) const PRESETS: Presets = Presets {
    label: "여러 서버가 로그인을 나누는 방식",
    what: [
        "세션을 자체 메모리에 두는 서버 한 대예요.",
        "자체 메모리를 가진 서버 세 대가 번갈아 응답해요. 세션 정합성 문제가 생겨요.",
        "로드 밸런서의 쿠키 lb가 나를 늘 같은 서버로 보내요.",
        "세션이 바뀔 때마다 서버가 다른 모든 서버에 알려요.",
        "서버는 세션을 갖지 않고, 모두 바깥의 저장소 하나에 물어봐요.",
        "JWT라면 어느 서버도 아무것도 갖지 않고, 토큰을 스스로 검증해요.",
    ],
    attempt: [
        "로그인한 다음 서버를 재시작해 보세요.",
        "로그인하고 나는 누구?를 세 번 눌러 보세요.",
        "세 번 물어본 다음 그 서버를 멈춰 보세요.",
        "응답한 서버를 멈추고 다시 물어보세요.",
        "서버를 멈추고, 그다음 서버 메뉴에서 저장소를 멈춰 보세요.",
        "아무 서버나 멈추고 다시 물어보세요.",
    ],
};

pub(in crate::text) const SWITCH: Switch = Switch {
    legend: "로그인 방식",
    cookie_how: "브라우저가 붙여요",
    storage_how: "내 스크립트가 붙여요",
    carrier: |carrier| match carrier {
        Carrier::Cookie => "쿠키",
        Carrier::LocalStorage => "localStorage",
    },
    credential: |credential| match credential {
        Credential::SessionId => ("세션 ID", "서버가 기억해요"),
        Credential::Jwt => ("JWT", "토큰이 기억해요"),
    },
    usual: |scheme| match scheme.name() {
        "session-cookie" => "전통 방식",
        "session-storage" => "불투명 토큰",
        "token-cookie" => "무상태 쿠키",
        _ => "SPA",
    },
};

pub(in crate::text) const ACTIONS: Actions = Actions {
    guestbook_csp: "방명록에 콘텐츠 보안 정책(CSP)",
    guestbook_csp_why: "페이지가 직접 지정한 스크립트만 실행돼요. 댓글 속 스크립트는 실행되지 않아요",
    label: "동작",
    user: "사용자",
    password: "비밀번호",
    log_in: "로그인",
    who_am_i: "나는 누구?",
    add: "장바구니에 담기",
    log_out: "로그아웃",
    log_out_everywhere: "모든 곳에서 로그아웃",
    restart: "서버 재시작",
    ten_minutes: "+10분",
    new_tab: "새 탭",
    what_if: "만약…",
    another_site: "다른 사이트",
    attacks: ["폼 보내기", "링크 걸기", "fetch하기", "이 페이지를 프레임에 넣기"],
    a_script: "스크립트",
    script_reads: "인증 정보 읽기",
    script_acts: "내 이름으로 행동하기",
    catalog: "카탈로그 가져오기",
    take_rows: "세션 저장소 복사하기",
    take_key: "서명 키 복사하기",
    groups: ["로그인", "요청", "서명 키", "서버에 침입", "실험실"],
    more: "⋯",
    more_label: "더 보기",
    empty_cart: "장바구니 비우기",
    admin: "관리자 영역 들어가기",
    eight_hours: "+8시간",
    alg: "새 키의 알고리즘",
    rotate: "서명 키 교체, 옛 키로 검증 가능",
    retire: "서명 키 교체, 옛 키는 폐기",
    reset: "실험실 초기화",
    defences: "방어책",
    denylist: "토큰 거부 목록",
    denylist_why: "JWT로 한 로그인이 끝나면 토큰이 만료될 때까지 기억해요. 서버가 다시 상태를 갖게 돼요",
    check_origin: "오리진(origin) 확인",
    check_origin_why: "무언가를 바꾸는 요청은 이 페이지에서 온 것만 받아요",
    hash_ids: "세션 ID를 해시로만 저장",
    hash_ids_why: "저장소를 통째로 복사해 가도 그것으로는 로그인할 수 없어요",
};
