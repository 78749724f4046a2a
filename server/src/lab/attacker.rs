//! What the attacker knows and wants in one lab: its comment, the order for its window, what it took.

use crate::{bounds, lock::lock, origins::Origins};
use domain::{
    Seconds,
    attack::{Attack, AttackerView, Comment, FoundIn, LOOT, Loot, Order, SeenVisit, VISITS},
    scheme::Scheme,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// How long after it last asked a window is shown as open.
const OPEN: Duration = Duration::from_secs(5);
/// How long after it last asked a window can be counted on to ask again; and how long an order waits for it.
const COMES_BACK: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Attacker {
    pub(crate) origins: Arc<Origins>,
    state: Mutex<AttackerState>,
    ordered: Notify,
}

#[derive(Debug, Default)]
pub(crate) struct AttackerState {
    /// What it wrote into the guestbook.
    pub(crate) comment: Option<Comment>,
    loot: VecDeque<Loot>,
    visits: VecDeque<SeenVisit>,
    /// Numbers go on over a reset, so that nobody takes a new one for an old one.
    last_loot: u64,
    last_attack: u64,
    order: Option<(Order, Instant)>,
    /// How many windows wait for one, and when one last began or ceased to.
    waiting: usize,
    asked: Option<Instant>,
    /// What the window's browser said of third-party cookies.
    third_party: Option<bool>,
    /// Whether the window was there when that was last looked at.
    was_open: bool,
}

/// No window of the attacker's asks for orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoWindow;

#[derive(Debug)]
pub(crate) struct WaitingWindow<'a>(&'a Attacker);

impl Drop for WaitingWindow<'_> {
    fn drop(&mut self) {
        self.0.state(|state| {
            state.waiting -= 1;
            state.asked = state.asked.map(|_| Instant::now());
        });
    }
}

impl WaitingWindow<'_> {
    pub(crate) async fn order(&self) -> Order {
        loop {
            if let Some(order) = self.0.state(AttackerState::take_order) {
                return order;
            }
            self.0.ordered.notified().await;
        }
    }
}

impl AttackerState {
    /// An order that nobody came for in time is forgotten.
    fn take_order(&mut self) -> Option<Order> {
        let (order, _) = self.order.take().filter(|(_, given)| given.elapsed() <= COMES_BACK)?;
        if order == Order::Close {
            self.asked = None;
        }
        Some(order)
    }

    /// Whether a window waits, or did so this long ago at most.
    fn waited_within(&self, time: Duration) -> bool {
        self.waiting > 0 || self.asked.is_some_and(|asked| asked.elapsed() <= time)
    }
}

impl Attacker {
    pub(crate) fn new(origins: Arc<Origins>) -> Self {
        Self { origins, state: Mutex::default(), ordered: Notify::new() }
    }

    pub(crate) fn state<T>(&self, look: impl FnOnce(&mut AttackerState) -> T) -> T {
        look(&mut lock(&self.state))
    }

    /// A window asks for orders; `None` when too many do already.
    pub(crate) fn wait(&self, third_party: Option<bool>) -> Option<WaitingWindow<'_>> {
        self.state(|state| {
            if state.waiting >= bounds::LAB_WINDOWS {
                return None;
            }
            state.waiting += 1;
            (state.asked, state.third_party) = (Some(Instant::now()), third_party);
            Some(WaitingWindow(self))
        })
    }

    /// Whether the window has come or gone since this was last asked.
    pub(crate) fn window_came_or_went(&self) -> bool {
        self.state(|state| {
            let is_open = state.waited_within(OPEN);
            std::mem::replace(&mut state.was_open, is_open) != is_open
        })
    }

    /// Tells the window to attack at this address. The number goes into it.
    pub(crate) fn attack(&self, attack: Attack, url: impl FnOnce(u64) -> String) -> Result<u64, NoWindow> {
        self.state(|state| {
            if !state.waited_within(COMES_BACK) {
                return Err(NoWindow);
            }
            state.last_attack += 1;
            let n = state.last_attack;
            state.order = Some((Order::Attack { attack, url: url(n) }, Instant::now()));
            self.ordered.notify_one();
            Ok(n)
        })
    }

    pub(crate) fn close_window(&self) {
        self.state(|state| {
            state.order = state.waited_within(COMES_BACK).then(|| (Order::Close, Instant::now()));
        });
        self.ordered.notify_one();
    }

    /// Notes a visit to the attacker's listener.
    pub(crate) fn saw(&self, visit: SeenVisit) {
        self.state(|state| push(&mut state.visits, visit, VISITS));
    }

    /// Keeps a credential. One that is here already stays one piece; where it was found last is what counts.
    pub(crate) fn took(&self, at: Seconds, found_in: FoundIn, scheme: Scheme, credential: String) {
        self.state(|state| {
            if state.loot.iter().any(|loot| loot.credential == credential && loot.found_in == found_in) {
                return;
            }
            state.loot.retain(|loot| loot.credential != credential);
            state.last_loot += 1;
            let loot = Loot { id: state.last_loot, at, found_in, scheme, credential, replayed: None };
            push(&mut state.loot, loot, LOOT);
        });
    }

    /// Looks at or changes what has this number, if it is there.
    pub(crate) fn loot<T>(&self, id: u64, look: impl FnOnce(&mut Loot) -> T) -> Option<T> {
        self.state(|state| state.loot.iter_mut().find(|loot| loot.id == id).map(look))
    }

    /// Forgets what was taken, and who came by.
    pub(crate) fn forget_loot(&self) {
        self.state(|state| {
            state.loot.clear();
            state.visits.clear();
        });
    }

    /// As it was in the beginning. A window that is open stays open.
    pub(crate) fn reset(&self) {
        self.forget_loot();
        self.state(|state| (state.comment, state.order) = (None, None));
    }

    pub(crate) fn view(&self) -> AttackerView {
        self.state(|state| AttackerView {
            origin: self.origins.attacker.clone(),
            neighbour: self.origins.neighbour.clone(),
            same_site: self.origins.same_site,
            window: state.waited_within(OPEN),
            third_party: state.third_party,
            comment: state.comment,
            loot: state.loot.iter().cloned().collect(),
            visits: state.visits.iter().cloned().collect(),
        })
    }
}

/// The oldest goes when there is no room.
fn push<T>(all: &mut VecDeque<T>, one: T, room: usize) {
    while all.len() >= room {
        all.pop_front();
    }
    all.push_back(one);
}
