//! Several servers, in Korean.

use crate::text::{Adjust, Fleet, Nodes, Servers, T};
use domain::{
    balance::{NodeId, Routing},
    lesson::said::{Arranged, OfServers},
    topology::{StoreKind, Topology},
    view::{Fate, Operation},
};

pub(super) const SERVERS: Servers = Servers {
    title: "서버 구성",
    count: |n| format!("서버 {n}대"),
    with_proxy: " · 프록시",
    names: ["서버 한 대", "문제 상황", "스티키 세션", "세션 클러스터링", "스토리지 분리", "JWT"],
    shared: "분리할 저장소",
    stores: store,
};

pub(in crate::text) const ADJUST: Adjust = Adjust {
    topology,
    nodes: "서버 수",
    routing: "라우팅",
    routings: routing,
    store: "세션 보관",
    not_here: "설정되지 않음",
    delay: "메시지 지연(ms)",
    loss: "메시지 손실(%)",
    store_delay: "추가 지연(ms)",
    store_delay_note: "300ms 안에 답이 없으면 503을 보내요.",
    stop_store: "저장소 멈추기",
    start_store: "저장소 시작하기",
    outage: "이 실험실에서만 흉내 내는 장애예요. 진짜 저장소는 계속 돌아가요.",
};

pub(in crate::text) const FLEET: Fleet = Fleet {
    crowd_rows: |rows| format!("가상 방문자의 세션 {rows}개도 있음"),
    stop: "멈추기",
    stop_node: |node| format!("서버 {node} 멈추기"),
    start: "시작하기",
    start_node: |node| format!("서버 {node} 시작하기"),
    rows_of: |node| format!("서버 {node}의 메모리에 있는 세션"),
    knows_nobody: "저장된 세션 없음",
    differs: "서로 다름",
    missing: "여기에 없음",
    replication: "복제",
    replication_how: |delay, loss| format!("전달에 {delay}ms, 손실 {loss}"),
    messages: "메시지",
    volume: "바이트",
    lost: "손실",
    under_way: "전달 중",
    transfers: |times, bytes| format!("시작하는 서버가 먼저 다른 서버의 상태를 통째로 받은 횟수: {times}번, {bytes}."),
    picture: |under_way, lost| format!("서버 사이의 메시지: {under_way}개 전달 중, {lost}개 손실"),
    last_messages: |n| format!("최근 메시지 {n}개"),
    message: |message| {
        let fate = match message.fate {
            Fate::InFlight => "전달 중",
            Fate::Arrived => "도착",
            Fate::Lost => "손실",
        };
        let what = if message.removes { ", 행 삭제" } else { "" };
        format!("#{} 서버 {} → 서버 {}, {} B{what}: {fate}", message.number, message.from, message.to, message.bytes)
    },
    store: "저장소",
    available: "응답함",
    down: "응답 없음",
    down_note: "저장소가 멈췄어요. 세션이 필요한 요청은 어느 서버에서든 503을 받고, 아무도 들여보내지 않아요.",
    down_played: "이 실험실이 흉내 내는 장애예요. 진짜 저장소는 계속 돌아가요.",
    slowed: |delay| format!("{delay}ms 느리게 하는 중"),
    unlistable: "memcached는 가진 것을 나열하지 못해요. 여기 있는 행은 이 서버가 쓸 때 적어 둔 것이에요.",
    held_as: "저장소에 있는 그대로",
    held_key: "키",
    held_value: "값",
    held_ttl: "버리는 때",
    ttl: |seconds| format!("저장소의 시계로 {seconds}초 뒤"),
    operations: "저장소 연산",
    operations_how: "방문자의 요청이 시킨 일",
    operation_columns: ["연산", "횟수", "응답 없음", "평균", "최대"],
    operation: |operation| match operation {
        Operation::Create => "행 쓰기",
        Operation::Load => "행 읽기",
        Operation::Update => "행 바꾸기",
        Operation::Rotate => "행을 새 ID로 옮기기",
        Operation::Delete => "행 지우기",
        Operation::Find => "사용자의 행 찾기",
    },
    no_operations: "아직 시킨 일이 없어요",
};

pub(super) const NODES: Nodes = Nodes {
    shared: "세션은 갖고 있지 않음",
    copied: "서버마다 모든 세션의 복사본",
    up: "동작 중",
    answered: "응답함",
    load: |requests, share| format!("요청 {requests}건 · {share}"),
    knows_nobody_jwt: "JWT에 해당하는 행은 어느 서버에도 없어요. 아래의 키만 있으면 충분해요.",
    memory_gone: "메모리가 사라짐",
    silent: "저장소가 응답하지 않음",
    unknown_while_down: "저장소가 응답하지 않는 동안에는 그 안에 무엇이 있는지 알 수 없어요.",
    in_store: |kind| format!("{}에", store(kind)),
};

fn routing(routing: Routing) -> T {
    match routing {
        Routing::RoundRobin => "라운드 로빈",
        Routing::Sticky => "스티키(lb 쿠키)",
    }
}

fn store(kind: StoreKind) -> T {
    match kind {
        StoreKind::Memory => "서버마다 자기 메모리",
        StoreKind::Replicated => "메모리, 모든 서버에 복제",
        StoreKind::Sqlite => "SQLite",
        StoreKind::Redis => "Redis",
        StoreKind::Memcached => "memcached",
    }
}

fn topology(topology: &Topology) -> String {
    let kept = match topology.store {
        StoreKind::Memory if topology.nodes == 1 => return "서버 1대, 자기 메모리".to_owned(),
        StoreKind::Memory => "서버마다 자기 메모리".to_owned(),
        StoreKind::Replicated => "바뀔 때마다 모두에게 복제".to_owned(),
        shared => format!("세션은 {}에", store(shared)),
    };
    let routed = match topology.routing {
        _ if topology.nodes == 1 => "",
        Routing::RoundRobin => ", 라운드 로빈",
        Routing::Sticky => ", 스티키",
    };
    format!("서버 {}대{routed}, {kept}", topology.nodes)
}

/// The particle after a number, as it is read aloud.
pub(super) const fn subject(node: NodeId) -> T {
    if matches!(node, 2 | 4 | 5) { "가" } else { "이" }
}

fn lost(n: usize) -> String {
    match n {
        0 => "잃은 로그인은 없어요.".to_owned(),
        n => format!("로그인 {n}개를 잃었어요."),
    }
}

fn arranged(arranged: &Arranged) -> String {
    let Arranged { before, after, held, lost } = arranged;
    let what = topology(after);
    if before.store != after.store {
        return match lost {
            0 => format!("{what}. 세션을 처음부터 시작해요. 있던 세션은 없었어요."),
            n => format!("{what}. 세션을 처음부터 시작해서 로그인 {n}개를 잃었어요. 다시 로그인하세요."),
        };
    }
    match (lost, held) {
        (0, 0) => format!("{what}."),
        (0, held) => format!("{what}. 로그인 {held}개는 그대로예요."),
        (n, _) => format!("{what}. 없어진 서버의 메모리와 함께 로그인 {n}개를 잃었어요."),
    }
}

pub(super) fn said(said: &OfServers) -> String {
    match said {
        OfServers::Arranged(it) => arranged(it),
        OfServers::NodeStopped { node, store: StoreKind::Memory, lost: n } => {
            format!("서버 {node}{} 멈추면서 메모리가 사라졌어요. {}", subject(*node), lost(*n))
        }
        OfServers::NodeStopped { node, store: StoreKind::Replicated, lost: 0 } => {
            format!("서버 {node}{} 멈췄어요. 다른 서버에 복사본이 있어서 잃은 로그인은 없어요.", subject(*node))
        }
        OfServers::NodeStopped { node, store: StoreKind::Replicated, lost: n } => {
            format!("서버 {node}{} 멈췄고, 다른 서버에는 복사본이 없었어요. {}", subject(*node), lost(*n))
        }
        OfServers::NodeStopped { node, store: shared, .. } => {
            format!("서버 {node}{} 멈췄어요. 세션은 {}에 있어서 잃은 로그인은 없어요.", subject(*node), store(*shared))
        }
        OfServers::NodeStarted { node, store: StoreKind::Replicated, rows } if *rows > 0 => {
            format!("서버 {node}{} 시작하면서 먼저 다른 서버의 상태를 통째로 받았어요: 세션 {rows}개.", subject(*node))
        }
        OfServers::NodeStarted { node, store: StoreKind::Memory | StoreKind::Replicated, .. } => {
            format!("서버 {node}{} 빈 메모리로 시작했어요.", subject(*node))
        }
        OfServers::NodeStarted { node, .. } => {
            format!("서버 {node}{} 시작했어요. 다른 서버와 같은 저장소에 물어봐요.", subject(*node))
        }
        OfServers::Restarted { topology, lost: n } => match topology.store {
            StoreKind::Memory | StoreKind::Replicated if topology.nodes == 1 => {
                "서버를 재시작했어요. 메모리가 비었어요.".to_owned()
            }
            StoreKind::Memory | StoreKind::Replicated => {
                format!("모든 서버를 재시작해서 메모리가 비었어요. {}", lost(*n))
            }
            shared => format!("서버를 재시작했어요. 세션은 {}에 있어서 잃은 로그인은 없어요.", store(shared)),
        },
        OfServers::StoreDown { store: kind, down: true } => {
            format!("이 실험실에서 {} 장애가 시작됐어요. 세션이 필요한 요청은 503을 받아요.", store(*kind))
        }
        OfServers::StoreDown { store: kind, down: false } => {
            format!("{} 장애가 끝났어요. 갖고 있던 것은 그대로예요.", store(*kind))
        }
        OfServers::StoreDelayed(0) => "저장소의 추가 지연을 없앴어요.".to_owned(),
        OfServers::StoreDelayed(delay) if *delay >= 300 => {
            format!("저장소가 {delay}ms 느려졌어요. 그만큼 기다려 주는 곳은 없으니 멈춘 것과 같아요(503).")
        }
        OfServers::StoreDelayed(delay) => format!("저장소의 연산이 {delay}ms씩 느려졌어요."),
        OfServers::CrowdEnded { stopped, known, judged, within } => {
            let end =
                if *stopped { "가상 방문자를 멈췄어요" } else { "가상 방문자가 다 지나갔어요" };
            let verdict = match judged - within {
                0 => format!("수치 {judged}개가 모두 예측대로예요"),
                n => format!("수치 {judged}개 중 {n}개가 예측과 달라요"),
            };
            format!("{end}. 요청의 {known}를 아는 서버가 받았고, {verdict}.")
        }
        OfServers::CrowdStopping => "가상 방문자를 멈추는 중이에요.".to_owned(),
    }
}
