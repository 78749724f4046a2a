//! Clusters of three, with the clock paused: what is due is done in its order.

use super::*;
use crate::store::revision::Undo;
use domain::{
    cookie::CookieOptions,
    session::SessionId,
    user::{Role, User},
};

const DELAY: u64 = 1000;

fn key(n: u8) -> SessionKey {
    SessionKey::of(&SessionId::from_bytes([n; 16]), false)
}

fn session() -> Session {
    let user = User { name: "alice".into(), role: Role::User };
    Session::begin(user, CookieOptions::default(), 100_000, 1000, 0)
}

fn add(item: &str) -> Change {
    Change::AddToCart(item.to_owned())
}

type Store = Arc<dyn SessionStore>;

fn cluster(delay_ms: u64, loss: f64) -> (Arc<Cluster>, [Store; 3]) {
    let link = Link { delay_ms, loss, seed: 7 };
    let cluster = Cluster::linked(Population::Visitors, link, watch::Sender::new(()));
    let nodes = [1, 2, 3].map(|node| cluster.join(node));
    (cluster, nodes)
}

async fn cart(store: &Store, n: u8) -> Option<Vec<String>> {
    store.load(&key(n), false, 0).await.unwrap().map(|session| session.cart)
}

/// Lets the time pass; with the clock paused, what is due in it is done in its order.
async fn pass(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_arrives_when_the_delay_has_passed_and_not_before() {
    let (cluster, [one, two, _]) = cluster(DELAY, 0.0);
    one.create(&key(1), session(), 0).await.unwrap();
    pass(DELAY - 1).await;
    assert_eq!(cart(&two, 1).await, None);
    pass(2).await;
    assert_eq!(cart(&two, 1).await, Some(vec![]));
    assert_eq!(cluster.view().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn of_two_changes_that_did_not_know_of_each_other_one_is_lost_and_all_nodes_agree_on_the_other() {
    let (_cluster, nodes) = cluster(DELAY, 0.0);
    nodes[0].create(&key(1), session(), 0).await.unwrap();
    pass(DELAY + 1).await;
    nodes[0].update(&key(1), &add("pen"), 0).await.unwrap();
    nodes[1].update(&key(1), &add("mug"), 0).await.unwrap();
    pass(DELAY + 1).await;
    for node in &nodes {
        assert_eq!(cart(node, 1).await, Some(vec!["mug".to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_arrives_after_the_logout_brings_nothing_back() {
    let (_cluster, nodes) = cluster(DELAY, 0.0);
    nodes[0].create(&key(1), session(), 0).await.unwrap();
    pass(DELAY + 1).await;
    nodes[1].update(&key(1), &add("late"), 0).await.unwrap();
    nodes[0].delete(&key(1)).await.unwrap();
    pass(DELAY + 1).await;
    for node in &nodes {
        assert_eq!(cart(node, 1).await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn however_many_rows_die_meanwhile_a_creation_that_took_the_longest_time_brings_nothing_back() {
    let (cluster, nodes) = cluster(LONGEST_DELAY, 0.0);
    nodes[0].create(&key(1), session(), 0).await.unwrap();
    cluster.set_link(Link { delay_ms: 0, ..Link::default() });
    nodes[0].delete(&key(1)).await.unwrap();
    let dies = async |n: u16| {
        let mut bytes = [0xff; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        let key = SessionKey::of(&SessionId::from_bytes(bytes), false);
        nodes[0].create(&key, session(), 0).await.unwrap();
        nodes[0].delete(&key).await.unwrap();
    };
    for n in 0..1000 {
        dies(n).await;
    }
    pass(LONGEST_DELAY + 1).await;
    for node in &nodes {
        assert_eq!(cart(node, 1).await, None);
    }
    // Nothing is remembered that nothing can bring back.
    pass(LONGEST_DELAY + 1000).await;
    dies(1000).await;
    let remembered = |member: &Member| (member.replica.died.len(), member.replica.dead.len());
    let most = 2 * Population::Visitors.room();
    assert!(cluster.state().members.values().map(remembered).all(|many| many == (most, most)));
    for n in 0..5000 {
        dies(n).await;
    }
    assert!(cluster.state().members.values().map(remembered).all(|(died, _)| died <= most + bounds::LAB_DEAD));
}

#[tokio::test(start_paused = true)]
async fn a_rotation_is_one_message_and_the_old_key_is_dead_on_every_node() {
    let (cluster, nodes) = cluster(DELAY, 0.0);
    nodes[0].create(&key(1), session(), 0).await.unwrap();
    pass(DELAY + 1).await;
    nodes[2].update(&key(1), &add("late"), 0).await.unwrap();
    nodes[0].rotate(&key(1), &key(2), None, 0).await.unwrap();
    pass(DELAY + 1).await;
    assert_eq!(cluster.view().messages, 6);
    for node in &nodes {
        assert_eq!((cart(node, 1).await, cart(node, 2).await), (None, Some(vec![])));
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_moves_takes_its_version_along_so_that_no_older_one_passes_for_it() {
    let (_cluster, nodes) = cluster(DELAY, 0.0);
    nodes[0].create(&key(1), session(), 0).await.unwrap();
    pass(DELAY + 1).await;
    nodes[0].update(&key(1), &add("pen"), 0).await.unwrap();
    nodes[0].update(&key(1), &add("mug"), 0).await.unwrap();
    // The others have not heard of it.
    nodes[0].rotate(&key(1), &key(2), None, 0).await.unwrap();
    nodes[2].rotate(&key(1), &key(2), None, 0).await.unwrap();
    pass(DELAY + 1).await;
    for node in &nodes {
        assert_eq!(cart(node, 2).await.unwrap(), ["pen", "mug"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_moves_back_is_known_on_every_node_whether_or_not_the_news_of_its_move_had_arrived() {
    for arrived in [false, true] {
        let (_cluster, nodes) = cluster(100, 0.0);
        nodes[0].create(&key(1), session(), 0).await.unwrap();
        pass(150).await;
        nodes[0].update(&key(1), &add("pen"), 0).await.unwrap();
        pass(150).await;
        nodes[0].rotate(&key(1), &key(2), None, 0).await.unwrap().unwrap();
        pass(if arrived { 150 } else { 10 }).await;
        let [new, old] = [2, 1].map(|n| SessionId::from_bytes([n; 16]));
        nodes[0].revise(&Revision::TakeBack(vec![Undo::of(&new, Some(&old))]), 0).await.unwrap();
        for _ in 0..2 {
            for node in &nodes {
                assert_eq!(cart(node, 1).await, Some(vec!["pen".to_owned()]), "{arrived}");
                assert_eq!(cart(node, 2).await, None, "{arrived}");
            }
            pass(500).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn keys_become_hashes_on_every_node_and_nothing_that_was_under_way_is_lost_or_comes_back() {
    let (_cluster, nodes) = cluster(DELAY, 0.0);
    let hashed = |n: u8| SessionKey::of(&SessionId::from_bytes([n; 16]), true);
    for n in [1, 2] {
        nodes[0].create(&key(n), session(), 0).await.unwrap();
    }
    pass(DELAY + 1).await;
    nodes[0].update(&key(1), &add("pen"), 0).await.unwrap();
    nodes[0].delete(&key(2)).await.unwrap();
    // As long as the last message takes, the others move a row that is dead already.
    nodes[0].create(&key(3), session(), 0).await.unwrap();
    for node in &nodes {
        node.revise(&Revision::HashKeys, 0).await.unwrap();
    }
    pass(DELAY + 1).await;
    for node in &nodes {
        let mut keys: Vec<_> = node.rows(0).await.unwrap().into_iter().map(|row| row.key).collect();
        keys.sort();
        let mut expected = [1, 3].map(|n| hashed(n).reveal().to_owned());
        expected.sort();
        assert_eq!(keys, expected);
        assert_eq!(node.load(&hashed(1), false, 0).await.unwrap().unwrap().cart, ["pen"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_administrator_s_change_waits_for_no_link_and_what_was_sent_before_does_not_undo_it() {
    // Messages of the moment after it are lost.
    for loss in [0.0, 1.0] {
        let (cluster, nodes) = cluster(DELAY, 0.0);
        nodes[0].create(&key(1), session(), 0).await.unwrap();
        pass(DELAY + 1).await;
        for item in ["pen", "mug"] {
            nodes[0].update(&key(1), &add(item), 0).await.unwrap();
        }
        let bob = User { name: "bob".into(), role: Role::User };
        nodes[0].create(&key(2), Session { user: bob, ..session() }, 0).await.unwrap();
        cluster.set_link(Link { delay_ms: DELAY, loss, seed: 1 });
        let admin = Revision::Change("alice".into(), Change::SetRole(Role::Admin));
        let ends = Revision::End("bob".into());
        for node in &nodes {
            node.revise(&admin, 0).await.unwrap();
            node.revise(&ends, 0).await.unwrap();
        }
        for wait in [0, DELAY + 1] {
            pass(wait).await;
            for node in &nodes {
                let row = node.load(&key(1), false, 0).await.unwrap().unwrap();
                assert_eq!(row.user.role, Role::Admin);
                assert_eq!(node.load(&key(2), false, 0).await, Ok(None), "disabled is disabled");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_joins_knows_also_what_is_still_on_its_way_to_the_one_that_tells_it() {
    let (cluster, [one, two, _]) = cluster(DELAY, 0.0);
    one.create(&key(1), session(), 0).await.unwrap();
    two.create(&key(2), session(), 0).await.unwrap();
    let four = cluster.join(4);
    assert_eq!((cart(&four, 1).await, cart(&four, 2).await), (Some(vec![]), Some(vec![])));
    pass(DELAY + 1).await;
    assert_eq!(cart(&one, 2).await, Some(vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_node_that_comes_back_at_once_gets_nothing_that_was_sent_to_it_before() {
    let (cluster, [one, _, _]) = cluster(DELAY, 0.0);
    cluster.leave(2);
    cluster.leave(3);
    let two = cluster.join(2);
    one.create(&key(1), session(), 0).await.unwrap();
    cluster.leave(2);
    assert_eq!((cluster.view().in_flight, cluster.view().lost), (0, 1));
    assert_eq!(two.load(&key(1), false, 0).await, Err(StoreError::Unavailable), "a node that stopped knows nothing");
    let again = cluster.join(2);
    assert_eq!(cart(&again, 1).await, Some(vec![]), "it has it from the other node");
}

#[tokio::test(start_paused = true)]
async fn what_a_node_had_sent_when_it_stopped_never_arrives() {
    let (cluster, [one, two, _]) = cluster(DELAY, 0.0);
    one.create(&key(1), session(), 0).await.unwrap();
    two.create(&key(2), session(), 0).await.unwrap();
    cluster.leave(1);
    pass(DELAY + 1).await;
    assert_eq!((cart(&two, 1).await, cart(&two, 2).await), (None, Some(vec![])));
    let view = cluster.view();
    assert_eq!((view.messages, view.in_flight, view.lost), (4, 0, 3), "two of its own, and one to it");
}

#[tokio::test(start_paused = true)]
async fn the_next_write_heals_what_a_lost_message_left_behind() {
    let (cluster, [one, two, _]) = cluster(0, 1.0);
    one.create(&key(1), session(), 0).await.unwrap();
    pass(1).await;
    assert_eq!(cart(&two, 1).await, None);
    cluster.set_link(Link { delay_ms: 0, loss: 0.0, seed: 1 });
    one.update(&key(1), &add("pen"), 0).await.unwrap();
    pass(1).await;
    assert_eq!(cart(&two, 1).await, Some(vec!["pen".to_owned()]));
}

#[expect(clippy::cast_precision_loss, reason = "counts of some thousand")]
#[tokio::test(start_paused = true)]
async fn the_share_of_lost_messages_is_as_asked_within_three_deviations() {
    let (cluster, [one, _, _]) = cluster(0, 0.3);
    one.create(&key(1), session(), 0).await.unwrap();
    for _ in 0..2000 {
        one.update(&key(1), &Change::EmptyCart, 0).await.unwrap();
    }
    pass(1).await;
    let view = cluster.view();
    let messages = view.messages as f64;
    let deviation = (messages * 0.3 * 0.7).sqrt();
    assert_eq!(view.messages, 2 * 2001);
    assert!((view.lost as f64 - 0.3 * messages).abs() < 3.0 * deviation, "{} of {}", view.lost, view.messages);
}

#[tokio::test(start_paused = true)]
async fn an_idle_limit_that_is_pushed_on_is_a_change_like_any_other() {
    let (cluster, [one, two, _]) = cluster(0, 0.0);
    one.create(&key(1), session(), 0).await.unwrap();
    for now in 0..100 {
        one.load(&key(1), true, now).await.unwrap();
    }
    assert_eq!(cluster.view().messages, 2, "a burst of reads is none");
    one.load(&key(1), true, 100).await.unwrap();
    pass(1).await;
    assert_eq!(cluster.view().messages, 4);
    assert_eq!(two.load(&key(1), false, 100).await.unwrap().unwrap().idle_until, 1100);
}

#[tokio::test(start_paused = true)]
async fn with_too_many_messages_under_way_the_rest_is_lost_and_counted() {
    let (cluster, _nodes) = cluster(10_000, 0.0);
    for _ in 0..=crate::bounds::LAB_MESSAGES / 2 {
        // The shortest there are, so that it is their number that is too much.
        cluster.state().send(1, News { dead: Some(key(1)), row: None });
    }
    let view = cluster.view();
    assert_eq!((view.in_flight, view.lost), (crate::bounds::LAB_MESSAGES as u64, 2));
    assert_eq!(view.recent.len(), RECENT_MESSAGES);
}

/// A session of some 12 KB.
fn large() -> Session {
    Session { cart: vec!["x".repeat(60); 200], ..session() }
}

#[tokio::test(start_paused = true)]
async fn with_too_many_bytes_under_way_the_rest_is_lost_and_counted_and_what_arrives_makes_room() {
    let (cluster, [one, ..]) = cluster(DELAY, 0.0);
    one.create(&key(1), large(), 0).await.unwrap();
    let held = || cluster.state().held.load(Ordering::Relaxed);
    let each = held();
    for _ in 0..1000 {
        one.update(&key(1), &Change::SetRole(Role::Admin), 0).await.unwrap();
    }
    assert!(held() <= crate::bounds::LAB_MESSAGE_BYTES && held() > crate::bounds::LAB_MESSAGE_BYTES - 2 * each);
    let view = cluster.view();
    assert!(view.lost > 0 && view.in_flight + view.lost == view.messages, "{} are lost", view.lost);
    pass(DELAY + 1).await;
    assert_eq!((held(), cluster.view().in_flight), (0, 0));
    one.update(&key(1), &Change::SetRole(Role::User), 0).await.unwrap();
    assert_eq!((cluster.view().lost, cluster.view().in_flight), (view.lost, 2));
    cluster.start_anew(7);
    assert_eq!(held(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_to_many_is_revised_once_and_what_stays_as_it_is_is_not_copied() {
    let (cluster, [one, ..]) = cluster(DELAY, 0.0);
    one.create(&key(1), large(), 0).await.unwrap();
    let under_way = || {
        let state = cluster.state();
        [2, 3].map(|node| Arc::as_ptr(&state.members[&node].inbox[0].parcel).addr())
    };
    let before = under_way();
    assert_eq!(before[0], before[1]);
    one.revise(&Revision::Change("bob".into(), Change::SetRole(Role::Admin)), 0).await.unwrap();
    one.revise(&Revision::Change("alice".into(), Change::SetRole(Role::User)), 0).await.unwrap();
    assert_eq!(under_way(), before);
    assert_eq!(one.revise(&Revision::Change("alice".into(), Change::SetRole(Role::Admin)), 0).await, Ok(1));
    let after = under_way();
    assert!(after[0] == after[1] && after != before);
}
