//! The crowd, in Korean.

use crate::text::{Crowd, T};
use domain::{
    crowd::{CrowdResult, Quantity},
    topology::Strategy,
};

pub(in crate::text) const CROWD: Crowd = Crowd {
    lede: "방문자 한 명은 무슨 일이 일어나는지 보여 주고, 가상 방문자는 비용이 얼마나 드는지 보여 줘요. 저마다 쿠키를 따로 가진 방문자 여럿이 같은 로드 밸런서를 거쳐 위에서 구성한 서버로 가요. 그리고 측정한 수치를 하나하나 이론이 예측한 값과 견줘요.",
    visitors: "방문자 수",
    requests: "요청 수",
    writes: "쓰기 비율(%)",
    seed: "시드",
    pace: "속도",
    per_second: |rate| format!("초당 {rate}건"),
    as_fast: "가능한 한 빨리",
    scheme: "가상 방문자의 로그인 방식:",
    send: "가상 방문자 보내기",
    stop: "멈추기",
    honest: "가상 방문자는 비밀번호 확인을 건너뛰고 들여보내요. 그러지 않으면 그 시간만 재게 되거든요. 통신 기록에는 가상 방문자의 요청 중 일부만 나타나고, 가상 방문자의 세션은 내 세션과 따로 보관돼요.",
    running: "가상 방문자가 지나가는 중",
    progress: |done, of, logins| format!("요청 {of}건 중 {done}건, {logins}명 로그인"),
    watch: "지나가는 도중에 위에서 서버나 저장소를 멈추고 지켜보세요.",
    load: "서버별 부하",
    load_columns: ["서버", "비율", "요청"],
    outcomes: "요청의 결과",
    outcome_columns: ["결과", "요청"],
    outcome: [
        "알아봄",
        "거부됨(401)",
        "도중에 끊김(502)",
        "저장소나 서버가 없음(503)",
        "그 밖의 실패",
        "다른 사람으로 착각",
    ],
    result: "마지막 가상 방문자",
    of: |result| {
        let request = &result.request;
        format!(
            "방문자 {}명, 요청 {}건, 쓰기 {:.0}%, 시드 {}, {:.1}초 걸림",
            request.visitors,
            request.requests,
            request.write_fraction * 100.0,
            request.seed,
            seconds(result.took_ms),
        ) + &not_in(result)
    },
    disturbed: "지나가는 동안 서버나 저장소, 서버 구성이 바뀌어서 예측할 수 없는 수치가 있어요.",
    stopped: "끝나기 전에 멈췄어요.",
    measures: "측정한 값과 예측한 값",
    measure_columns: ["항목", "측정", "예측", "판정", "이유"],
    exactly: "정확히",
    between: |low, high| format!("{low} ~ {high}"),
    no_say: "측정만 함",
    within: "예측대로",
    not_as_predicted: "예측과 다름",
    quantity,
    why,
    compared: "전략 비교",
    compared_lede: "줄마다 이 실험실에서 그 전략으로 마지막에 보낸 가상 방문자의 결과예요. 전략마다 한 번씩 보내 보세요.",
    compared_columns: ["전략", "서버", "알아봄", "잃은 로그인", "메시지", "저장소 연산", "부하 불균형", "중앙값 시간"],
    not_run: "실행 안 함",
    messages: |messages, bytes| format!("{messages} · {bytes}"),
};

#[expect(clippy::cast_precision_loss, reason = "a run takes minutes, not centuries")]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn quantity(quantity: Quantity) -> T {
    match quantity {
        Quantity::KnownShare => "아는 서버가 받은 요청",
        Quantity::LoginsLost => "잃은 로그인",
        Quantity::Messages => "복제 메시지",
        Quantity::MessageBytes => "메시지 크기",
        Quantity::MessagesLost => "잃어버린 메시지",
        Quantity::StaleShare => "직전의 쓰기를 보지 못한 읽기",
        Quantity::Rows => "보관한 행",
        Quantity::StoreOperations => "저장소 연산",
        Quantity::Unavailable => "저장소가 멈춰서 실패한 요청",
        Quantity::Mistaken => "다른 사람으로 착각",
        Quantity::LoadGini => "부하 불균형(지니 계수)",
        Quantity::LoadVariation => "부하의 변동(CV²)",
        Quantity::LoadPeak => "가장 바쁜 서버 ÷ 평균",
        Quantity::LatencyMedian => "응답 시간 중앙값(p50)",
        Quantity::LatencyNinety => "응답 시간 p90",
        Quantity::LatencyNinetyNine => "응답 시간 p99",
    }
}

fn why(quantity: Quantity, strategy: Strategy) -> T {
    use Strategy::{Clustering, Problem, Separate, Single, Sticky, Token};
    match (quantity, strategy) {
        (Quantity::KnownShare, Single) => "하나뿐인 서버가 모두를 알아요",
        (Quantity::KnownShare, Problem) => "요청은 N대 중 다음 서버로 가고, 로그인을 아는 서버는 한 대예요: 1/N",
        (Quantity::KnownShare, Sticky) => "그 서버가 살아 있는 동안, 모든 요청이 로그인을 아는 서버로 가요",
        (Quantity::KnownShare, Clustering) => "메시지가 도착하고 잃어버린 것이 없으면 모든 서버가 모두를 알아요",
        (Quantity::KnownShare, Separate) => "모든 서버가 같은 저장소에 물어봐요",
        (Quantity::KnownShare, Token) => "어느 서버든 토큰을 스스로 검증할 수 있어요",
        (Quantity::LoginsLost, Problem) => "다른 서버로 가는 순간 모든 로그인이 거부돼요",
        (Quantity::LoginsLost, Sticky) => "멈춘 서버에 있던 로그인, 평균 S/N. 멈추지 않으면 없어요",
        (Quantity::LoginsLost, Clustering) => "복사본을 잃었거나, 서버가 멈출 때 아직 전달 중이던 로그인이에요",
        (Quantity::LoginsLost, Separate) => "서버가 멈춰도 함께 사라지는 것이 없어요",
        (Quantity::LoginsLost, Single) => "서버를 재시작하지 않으면 없어요",
        (Quantity::LoginsLost, Token) => "서버에 잃을 것이 없어요",
        (Quantity::Messages, Clustering) => "쓰기 한 번마다 나머지 N−1대에 메시지가 하나씩 가요",
        (Quantity::MessageBytes, Clustering) => "메시지 하나가 세션 전체예요. 장바구니만큼 커져요",
        (Quantity::MessagesLost, Clustering) => "메시지마다 링크의 손실 비율 p로 사라져요",
        (Quantity::Messages | Quantity::MessageBytes | Quantity::MessagesLost, _) => "복제하는 것이 없어요",
        (Quantity::StaleShare, Clustering) => {
            "메시지가 도착하기 전이거나 사라진 뒤에 다른 서버로 가면 그래요: p·(N−1)/N, 지연 안에서는 반드시"
        }
        (Quantity::StaleShare, Token) => "가장 새로운 토큰에 가장 새로운 상태가 있어요",
        (Quantity::StaleShare, Problem) => "다음 요청은 그 쓰기를 모르는 서버로 가요",
        (Quantity::StaleShare, Sticky) => "그 서버가 멈추지 않는 한, 쓰기를 받은 서버가 응답해요",
        (Quantity::StaleShare, _) => "행이 한 곳에만 있으니 마지막 쓰기가 그대로 보여요",
        (Quantity::Rows, Clustering) => "모든 서버가 모든 로그인을 가져요: N·S",
        (Quantity::Rows, Token) => "적어 두는 것이 없어요",
        (Quantity::Rows, _) => "로그인마다 한 번씩 적어요: S",
        (Quantity::StoreOperations, Token) => "저장소에 물어보지 않아요",
        (Quantity::StoreOperations, _) => "요청마다 조회 한 번, 쓰기마다 한 번 더: λ(1+w)",
        (Quantity::Unavailable, Separate) => {
            "저장소가 멈춘 동안에는 모든 서버에서 모든 요청이 실패하고, 아무도 들여보내지 않아요"
        }
        (Quantity::Unavailable, _) => "멈출 저장소가 없어요",
        (Quantity::Mistaken, _) => "무엇이 잘못되든, 다른 사람으로 착각하는 일은 없어야 해요",
        (Quantity::LoadGini, Sticky) => "방문자 S명을 서버 N대에 무작위로 나누면 ((N−1)/N)·√(N/(πS))",
        (Quantity::LoadVariation, Sticky) => "(N−1)/S. 방문자마다 요청 수가 다르면 더 커져요",
        (Quantity::LoadGini | Quantity::LoadVariation, _) => "서버마다 차례가 돌아오니 부하가 고르게 나뉘어요",
        (Quantity::LoadPeak, Sticky) => "서버가 적으면 들쭉날쭉해요. 되살아난 서버는 비어 있어요: N/(N−1)",
        (Quantity::LoadPeak, _) => "서버마다 차례가 돌아와요: 1",
        (Quantity::LatencyMedian | Quantity::LatencyNinety | Quantity::LatencyNinetyNine, _) => {
            "이 컴퓨터에 달린 값이라 예측하지 않아요"
        }
    }
}

/// 로그인하지 못한 방문자의 요청에는 아무것도 실려 오지 않는다.
fn not_in(result: &CrowdResult) -> String {
    if result.logins >= result.request.visitors {
        return String::new();
    }
    let out = result.request.visitors - result.logins;
    format!(". {out}명은 로그인하지 못해서 요청에 인증 정보가 없고, 그래서 거부돼요(401)")
}
