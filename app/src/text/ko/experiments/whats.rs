//! The questions and the settings, in Korean.

use crate::text::T;
use domain::{
    attack::Attack,
    lesson::experiment::{Difference, Ending, Limit, Repeated, Trick, What},
};

pub(super) fn what(what: What) -> T {
    match what {
        What::ScriptReads => "악성 스크립트가 인증 정보를 얻음",
        What::LootWorks => "얻은 것으로 공격자가 들어옴",
        What::ScriptActs => "악성 스크립트가 내 계정으로 장바구니를 바꿈",
        What::OtherSite(Attack::FormPost) => "다른 사이트의 폼이 내 계정으로 POST를 보냄",
        What::OtherSite(Attack::Link) => "다른 사이트의 링크로 내 페이지가 열림",
        What::OtherSite(Attack::Fetch) => "다른 사이트의 fetch에 내 것으로 응답함",
        What::OtherSite(Attack::Frame) => "다른 사이트의 프레임에 내 페이지가 보임",
        What::OtherSiteLater => "로그인하고 2분 뒤에 보낸 그 폼",
        What::KnownBeforeScript => "페이지 이동만으로 나를 알아봄",
        What::ProbesKept => "브라우저가 보관하는 쿠키",
        What::ProbesVisible => "스크립트에 보이는 쿠키",
        What::ProbesFetched => "이 페이지의 fetch에 실린 쿠키",
        What::ProbesFramed => "이 페이지의 프레임에 실린 쿠키",
        What::ProbesCross(Attack::FormPost) => "다른 사이트의 폼에 실린 쿠키",
        What::ProbesCross(Attack::Link) => "다른 사이트의 링크에 실린 쿠키",
        What::ProbesCross(Attack::Fetch) => "다른 사이트의 fetch에 실린 쿠키",
        What::ProbesCross(Attack::Frame) => "다른 사이트의 프레임에 실린 쿠키",
        What::ProbesLater => "2분 뒤 그 폼에 실린 쿠키",
        What::CookieDropped => "장바구니가 커지자 브라우저가 쿠키를 버림",
        What::PortGetsIt => "이 호스트의 다른 포트가 받음",
        What::HostGetsIt => "다른 호스트가 받음",
        What::PortReadsStorage => "다른 포트의 페이지가 자기 localStorage에서 찾음",
        What::CopyWorks(Ending::LogOut) => "로그아웃 뒤에 복사본이 통함",
        What::CopyWorks(Ending::LogOutEverywhere) => "모든 곳에서 로그아웃한 뒤에 복사본이 통함",
        What::DenylistEntries => "로그아웃 뒤 거부 목록의 항목",
        What::OldRoleWorks => "역할이 회수된 사람을 관리자 영역이 들여보냄",
        What::DisabledWorks => "비활성화된 사용자를 계속 들여보냄",
        What::SurvivesRestart => "모든 서버를 재시작해도 로그인이 남음",
        What::AliveBefore(Limit::Idle) => "유휴 한도 직전에 통함",
        What::AliveBefore(Limit::Absolute) => "절대 한도 직전에 통함",
        What::AliveBefore(Limit::Exp) => "exp 직전에 통함",
        What::AliveAt(Limit::Idle) => "유휴 한도에 통함",
        What::AliveAt(Limit::Absolute) => "절대 한도에 통함",
        What::AliveAt(Limit::Exp) => "exp에 통함",
        What::UseProlongs => "쓰면 수명이 늘어남",
        What::PayloadReads => "키가 없어도 보기만 하면 누구 것인지 읽음",
        What::Forgery(Trick::GuessedId) => "무작위 ID를 받아 줌",
        What::Forgery(Trick::OneCharacter) => "한 글자만 다른 ID를 받아 줌",
        What::Forgery(Trick::ChangedClaim) => "페이로드의 역할을 바꿔도 받아 줌",
        What::Forgery(Trick::AlgNone) => "서명 없이 alg none을 받아 줌",
        What::Forgery(Trick::OtherKey) => "다른 키로 서명한 토큰을 받아 줌",
        What::Forgery(Trick::SwappedKid) => "kid가 없는 키를 가리키고 빈 키로 서명한 토큰을 받아 줌",
        What::Forgery(Trick::OldSignature) => "새 페이로드에 옛 서명을 붙여도 받아 줌",
        What::CopiedRowsWork => "복사한 행의 키로 공격자가 들어옴",
        What::ForgedWorks => "복사한 키로 위조한 토큰을 받아 줌",
        What::ForgedAfterRetiring => "그 키를 폐기한 뒤에도 받아 줌",
        What::RotationLogsOut { retire: false } => "새 키로 바꾸면(옛 키 유지) 로그아웃됨",
        What::RotationLogsOut { retire: true } => "새 키로 바꾸면(옛 키 폐기) 로그아웃됨",
        What::PlantedWorks => "심어 둔 인증 정보가 로그인 뒤에 나를 대신함",
        What::RequestGrows => "장바구니와 함께 요청이 커짐",
        What::RowGrows => "장바구니와 함께 서버의 저장량이 커짐",
        What::LookUps => "요청 10건의 조회 횟수",
        What::DenylistChecks => "요청 10건의 거부 목록 확인 횟수",
        What::TimeToIdentify => "나를 알아보는 데 걸린 시간",
        What::RefreshWorks => "옛 토큰이 만료된 뒤 리프레시 토큰으로 새 토큰을 받음",
        What::RefreshAfterTheft => "도둑이 같은 것을 쓴 뒤에도 내 리프레시가 됨",
        What::RefreshInTwoTabs => "두 탭이 동시에 리프레시해도 둘 다 새 토큰을 받음",
        What::RefreshRows => "이런 로그인에 서버가 저장하는 행",
        What::OldRoleAfterRefresh => "회수된 역할이 리프레시 뒤에도 남음",
        What::Remembered => "인증 정보 없이 보낸 사람을 서버가 알아봄",
        What::Done(Repeated::Get) => "GET api/me를 두 번 보냈을 때의 변경",
        What::Done(Repeated::Post) => "POST를 두 번 보낸 뒤의 주문",
        What::Done(Repeated::PostWithKey) => "같은 Idempotency-Key로 POST를 두 번 보낸 뒤의 주문",
        What::CatalogRequests => "카탈로그를 두 번 가져올 때 서버에 닿은 요청",
        What::NotModified => "바뀌었는지 물으면 서버가 본문 없이 304로 답함",
        What::MeRequests => "api/me를 두 번 가져올 때 서버에 닿은 요청",
        What::CacheTells => "로그아웃 뒤에 캐시가 내가 누구였는지 알려 줌",
        What::CacheTellsIfAllowed => "서버가 api/me를 1분간 보관해도 된다고 했을 때, 같은 일이 일어남",
        What::NodesAnswering => "요청 3건에 응답한 서버",
        What::SameAnswer => "모두 같은 응답을 함",
        What::KnownRequests => "12번 중 나를 알아본 횟수",
        What::LostWithNode => "로그인을 가진 서버가 멈추면 로그인을 잃음",
        What::StoreOperations => "요청 12건 동안 저장소에 물은 횟수",
        What::Messages => "장바구니를 세 번 바꿀 때 서버 사이의 메시지",
        What::CrowdUnlikeTheory => "가상 방문자: 이론과 다른 수치",
    }
}

pub(super) fn difference(difference: Difference) -> String {
    match difference {
        Difference::NoHttpOnly => "HttpOnly 끔".to_owned(),
        Difference::Secure => "Secure".to_owned(),
        Difference::SameSite(site) => match site.attribute() {
            Some(value) => format!("SameSite={value}"),
            None => "SameSite 생략".to_owned(),
        },
        Difference::MaxAge => "Max-Age".to_owned(),
        Difference::HostPrefix => "__Host-".to_owned(),
        Difference::RootPath => "Path=/".to_owned(),
        Difference::CheckOrigin => "오리진(origin) 확인".to_owned(),
        Difference::Denylist => "거부 목록 켬".to_owned(),
        Difference::HashIds => "ID를 해시로".to_owned(),
        Difference::GuestbookCsp => "방명록 CSP".to_owned(),
        Difference::Servers(strategy, store) => {
            let servers = &super::super::servers::SERVERS;
            let at = domain::topology::Strategy::ALL.iter().position(|one| *one == strategy).unwrap_or_default();
            if store.is_shared() {
                format!("{}, {}", servers.names[at], (servers.stores)(store))
            } else {
                servers.names[at].to_owned()
            }
        }
    }
}
