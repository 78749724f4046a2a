//! The common questions, in Korean.

use crate::text::{Asked, Questions};
use domain::question::Question;

pub(in crate::text::ko) const QUESTIONS: Questions = Questions {
    title: "자주 묻는 질문",
    lede: "짧은 답과, 그 답을 보여 주는 비교예요. 버튼을 누르면 이 브라우저에서 측정하고, 내 설정은 그대로 남아요. 따로 표시가 없으면 HttpOnly, SameSite=Lax, 서버 한 대예요.",
    run: "실행해서 보기",
    whole: "실험 전체 보기",
    wire: "오간 통신 보기",
    asked,
};

fn asked(question: Question) -> Asked {
    match question {
        Question::HiddenCookie => Asked {
            question: "document.cookie에 왜 내 쿠키가 안 보이나요?",
            answer: "대개 HttpOnly라서 그래요. 브라우저가 보관하고 보내지만, 내 스크립트를 포함해 어떤 스크립트에도 보여 주지 않아요. HttpOnly를 끄고 다시 로그인하면 나타나요.",
            parts: &[
                "악성 스크립트가 내 스크립트와 똑같이 쿠키를 찾아봐요. HttpOnly면 아무것도 못 찾아요.",
                "그래도 브라우저는 쿠키를 보내요. 프레임에 페이지를 열면 서버가 누구 것인지 알아요.",
            ],
        },
        Question::UnsentCookie => Asked {
            question: "쿠키가 왜 전송되지 않나요?",
            answer: "누가 쿠키를 받을지 정하는 브라우저의 규칙 때문이에요. 어느 사이트가 요청했는지, 어느 호스트의 쿠키인지, 속성이 무엇인지를 봐요. 하나라도 안 맞으면 보내지 않아요.",
            parts: &[
                "다른 사이트가 일으킨 요청이라서. 어떤 요청에 쿠키가 실릴지는 SameSite가 정해요. 서드파티 쿠키를 막는 브라우저도 많아서, 그때는 SameSite가 무엇이든 fetch와 프레임에는 실리지 않아요. Secure 없는 SameSite=None은 아예 보관하지 않아요.",
                "쿠키의 호스트가 달라서. localhost는 127.0.0.1과 달라요. 쿠키는 포트를 가리지 않지만, 다른 포트로 보내는 fetch는 다른 오리진(origin)으로 가는 것이라 credentials: 'include'가 있어야 쿠키를 실어요. 여기서는 그렇게 보내요.",
                "속성 때문에. 시간이 다 됐거나(Max-Age=0) __Host-나 SameSite=None의 조건에 맞지 않으면 보관조차 하지 않아요. Path가 없으면 설정한 디렉터리 안에서만 실려요. 다른 컴퓨터에서 http로 연 페이지라면 Secure도 막아요(여기서는 아니에요. Chromium과 Firefox는 http://localhost를 안전하다고 봐요). 모든 조합의 쿠키 192개 가운데 몇 개를 보관하고, 보여 주고, 보내는지예요. 쿠키 하나하나의 결과는 아래에 있어요.",
            ],
        },
        Question::LocalStorage => Asked {
            question: "localStorage는 안전한가요?",
            answer: "다른 사이트에는 안전해요. 내 페이지의 악성 스크립트에는 안전하지 않아요.",
            parts: &[
                "다른 사이트는 아무것도 못 가져가요. localStorage에 있는 것은 어떤 요청에도 저절로 실리지 않아요.",
                "다른 오리진(origin)의 페이지는 같은 호스트의 다른 포트에서도 찾지 못해요. 오리진마다 localStorage가 따로 있어요.",
                "내 오리진(origin)의 스크립트는 전부 읽을 수 있고, 막는 옵션도 없어요. 악성 스크립트 하나면 인증 정보를 빼앗겨요.",
            ],
        },
        Question::EncryptedJwt => Asked {
            question: "JWT는 암호화된 건가요?",
            answer: "아니요. 서명한 거예요. 키 없이는 아무도 고칠 수 없지만, 보이기만 하면 누구나 읽을 수 있어요. base64url일 뿐이거든요. 비밀을 담지 마세요.",
            parts: &[
                "키 없이 읽은 것:",
                "다섯 가지 방법으로 고쳐 보내요. 서버는 모두 거부하고, 진짜 토큰은 그대로 받아 줘요.",
            ],
        },
        Question::JwtLogout => Asked {
            question: "JWT는 어떻게 로그아웃하나요?",
            answer: "브라우저가 잊게 할 뿐이고, 복사본은 exp(토큰이 끝나는 시각)까지 통해요. 바로 끝내려면 서버가 끝났다는 사실을 거부 목록(끝난 토큰의 목록)에 기억하고 요청마다 확인해야 해요. 그러면 서버에 다시 상태가 생겨요.",
            parts: &[
                "로그아웃하기 전에 누군가 토큰을 복사했어요. 복사본으로 아직 들어올 수 있을까요?",
                "거부 목록의 대가: 서버가 요청마다 목록을 확인해요.",
                "그냥 두면 토큰은 exp에 끝나고, 그 전에는 끝나지 않아요.",
                "세션 ID라면: 행이 사라지면서 모든 복사본도 함께 끝나요.",
            ],
        },
        Question::CsrfWithBearer => Asked {
            question: "Bearer를 쓰면 CSRF 방어가 필요한가요?",
            answer: "필요 없어요. CSRF는 다른 사이트가 내 브라우저를 시켜 나인 것처럼 요청을 보내는 공격이에요. Bearer는 내 스크립트가 직접 써야 하는 헤더(Authorization: Bearer)이고, 다른 사이트의 스크립트에는 적어 넣을 토큰이 없어요. 쿠키는 저절로 실려 가니까 쿠키에는 방어가 필요해요.",
            parts: &[
                "토큰이 localStorage에 있고, 내 스크립트가 붙여요. 붙이면 서버가 나를 알고, 빼면 아무도 몰라요.",
                "다른 사이트가 시도하지만 아무것도 실리지 않아요:",
                "같은 토큰을 쿠키에 담으면 저절로 실려 가요. SameSite가 막아 주지만, SameSite가 없으면 폼에 실려 가요(Chromium에서는 처음 2분 동안). 그때는 서버가 요청의 출처를 확인해야 해요.",
            ],
        },
        Question::AddedServer => Asked {
            question: "서버를 늘렸더니 왜 모두 로그아웃됐나요?",
            answer: "서버마다 자기 메모리에 세션을 저장했고, 요청을 서버에 나눠 주는 로드 밸런서가 다음 요청을 그 세션을 모르는 서버로 보냈기 때문이에요. 서버가 N대면 요청은 N건 중 1건만 나를 아는 서버에 도착해요.",
            parts: &[
                "늘리기 전: 서버 한 대예요.",
                "자기 메모리만 가진 서버 세 대가 번갈아 응답해요:",
                "해결책: 한 서버에 머물러요(스티키 세션). 그 서버가 멈추면 로그인도 사라져요.",
                "해결책: 서버끼리 세션을 복사해요(클러스터링).",
                "해결책: 모든 서버가 한 저장소에 물어봐요.",
                "해결책: 토큰이에요. 모든 서버에 키가 있어서 누구에게도 물어볼 필요가 없어요.",
            ],
        },
        Question::Stateless => Asked {
            question: "세션은 HTTP의 무상태에 어긋나나요?",
            answer: "아니요. HTTP는 요청을 앞 요청과 이어 주지 않고, 세션도 그것을 바꾸지 않아요. 요청마다 ID가 실려 와야 하고, 서버는 그 ID로 저장해 둔 것을 찾아요. 상태는 프로토콜 위의 계층에 있어요.",
            parts: &[
                "요청 세 건: ID와 함께, ID 없이, 다시 ID와 함께. ID를 빼면 행이 그대로 있어도 아무도 나를 몰라요.",
                "토큰도 다르지 않아요. 함께 실려 와야 해요. 상태가 행이 아니라 토큰 안에 있을 뿐이에요.",
            ],
        },
    }
}
