//! The small pages, in Korean.

use crate::text::pages::{AttackerWindow, Guestbook, NotFound, Pages};

pub(in crate::text) const PAGES: Pages = Pages {
    guestbook: Guestbook {
        title: "방명록",
        nobody: "로그인하지 않았어요.",
        somebody: |name| format!("{name} 님으로 로그인했어요."),
        comments: [("bob", "펜이 아주 좋아요."), ("carol", "배송이 빨라요. 고맙습니다!"), ("dave", "파란색도 있나요?")],
        hostile: "좋은 가게네요.",
    },
    nothing_found: "안내에 이 단어가 들어간 항목이 없어요.",
    to_see: "눈여겨볼 것:",
    no_script: "스크립트가 꺼져 있어요. 쿠키를 쓰는 두 방식은 그래도 동작해요. 쿠키는 브라우저가 알아서 붙이니 평범한 폼으로 충분하거든요. localStorage를 쓰는 두 방식은 동작하지 않아요. localStorage를 읽어서 요청에 붙이는 일은 스크립트만 할 수 있어요.",
    tell_claims: "스크립트가 꺼져 있어요. 각 항목의 설명을 함께 보기",
    not_found: NotFound {
        title: "이 주소에는 아무것도 없어요",
        why: "실험실 주소는 영문자, 숫자, -, _ 22자로 끝나요. 복사하다가 일부가 빠졌을 수 있어요.",
        gone: "오랫동안 아무도 쓰지 않았거나, 아직 아무도 열지 않은 실험실이에요. 주소는 그대로 쓸 수 있어요.",
        here: "이 주소에서 새 실험실 열기",
        way: "새 실험실로 가기",
    },
    attacker: AttackerWindow {
        title: "공격자의 사이트",
        what: "여기는 다른 사이트예요. 실험실 화면이 시키는 대로 실험실을 공격해요.",
        close: "이 창은 닫아도 돼요.",
    },
};
